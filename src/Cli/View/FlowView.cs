using System.Globalization;
using System.Text;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Export;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.View;

/// <summary>
/// What people look for in a table of flows, whatever the columns are called: when, who with whom, what, how long, how much both ways, how
/// it ended, and what is thought of it.
/// </summary>
internal sealed class FlowView
{
    private const int NarrowEnd = 15;
    private const int NarrowReason = 20;

    private readonly List<string> _names = [];
    private readonly List<ViewColumn> _columns = [];
    private readonly QueryColumns _table;
    private readonly bool _hasUnicode;

    /// <summary>Looks at what a table has.</summary>
    /// <param name="table">Its columns.</param>
    /// <param name="hasUnicode">Whether more than ASCII may be shown.</param>
    public FlowView(QueryColumns table, bool hasUnicode)
    {
        (_table, _hasUnicode) = (table, hasUnicode);
        FlowFields flow = table.Flow;
        AddTime(flow.StartTime);
        AddEnd("SOURCE", flow.SourceAddress, flow.SourceName);
        AddText("SPORT", flow.SourcePort, worth: 40, isRight: true);
        AddEnd("DESTINATION", flow.DestinationAddress, flow.ServerName, flow.DestinationName);
        AddService(flow);
        AddNumber("TOOK", flow.Duration < 0 ? [] : [flow.Duration], 75, seconds => ShortNumber.Seconds(
            seconds * flow.DurationUnit, hasUnicode));
        AddNumber("PACKETS", flow.Packets, 60, ShortNumber.Count);
        bool hasWays = flow.ForwardBytes >= 0 && flow.BackwardBytes >= 0;
        AddNumber(hasWays ? "SENT" : "BYTES", hasWays ? [flow.ForwardBytes] : flow.Bytes, 80, ShortNumber.Bytes);
        AddNumber("RECVD", hasWays ? [flow.BackwardBytes] : [], 79, ShortNumber.Bytes);
        AddText("STATE", flow.ConnectionState, worth: 50);
        AddText("END", flow.EndReason, worth: 45);
        AddText("VERDICT", flow.Verdict, worth: 95, isVerdict: true, typical: "malicious".Length);
        AddNumber("SCORE", flow.Score < 0 ? [] : [flow.Score], 55, score => score.ToString("0.000", CultureInfo.InvariantCulture));
        AddReason(flow.Explanation);
    }

    /// <summary>The columns of the table that it reads, in the order in which its rows have them.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Its columns.</summary>
    public IReadOnlyList<ViewColumn> Columns => _columns;

    /// <summary>Whether the table is one of flows: there is nothing to show of one that has no ends.</summary>
    public bool IsOfFlows => _table.Flow.SourceAddress >= 0 && _table.Flow.DestinationAddress >= 0;

    /// <summary>A protocol by its keyword; as it is where it has none, or is none of IANA's numbers.</summary>
    public static string ProtocolOf(ReadOnlySpan<byte> value, bool hasUnicode) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && ProtocolKeyword.Of(number) is { IsEmpty: false } keyword
            ? Encoding.ASCII.GetString(keyword)
            : CellText.From(value, hasUnicode);

    private static double? SumOf(FieldRow row, int[] places)
    {
        double sum = 0;
        foreach (int place in places)
        {
            if (row[place].IsEmpty || !NumberText.TryParse(row[place], out double value) || !double.IsFinite(value))
            {
                return null;
            }

            sum += value;
        }

        return sum;
    }

    /// <summary>The place that a column of the table has in a row; -1 for none.</summary>
    private int PlaceOf(int column)
    {
        if (column < 0)
        {
            return -1;
        }

        string name = _table.All[column].Name;
        if (!_names.Contains(name))
        {
            _names.Add(name);
        }

        return _names.IndexOf(name);
    }

    private void AddTime(int column)
    {
        if (PlaceOf(column) is >= 0 and int place)
        {
            _columns.Add(new ViewColumn("TIME", (row, width) => ShortTime.From(row[place], width, _hasUnicode))
            {
                Worth = 85,
                Narrowest = ShortTime.Narrowest,
                Steps = ShortTime.Widths,
            });
        }
    }

    /// <summary>An end by the first of its names that there is, else by its address.</summary>
    private void AddEnd(string title, int address, params ReadOnlySpan<int> names)
    {
        int place = PlaceOf(address);
        List<int> places = [];
        foreach (int name in names)
        {
            if (name >= 0)
            {
                places.Add(PlaceOf(name));
            }
        }

        if (place >= 0)
        {
            _columns.Add(new ViewColumn(title, (row, _) =>
            {
                int shown = places.FindIndex(name => !row[name].IsEmpty);
                return CellText.From(row[shown < 0 ? place : places[shown]], _hasUnicode);
            })
            {
                Worth = 100,
                Narrowest = NarrowEnd,
                Typical = NarrowEnd,
            });
        }
    }

    /// <summary>Protocol, port and what is spoken there: <c>tcp 443/https</c>.</summary>
    private void AddService(FlowFields flow)
    {
        int protocol = PlaceOf(flow.Protocol);
        if (protocol >= 0)
        {
            _columns.Add(new ViewColumn("PROTO", (row, _) => ProtocolOf(row[protocol], _hasUnicode)) { Worth = 35 });
        }

        int port = PlaceOf(flow.DestinationPort);
        int application = PlaceOf(flow.Application);
        if (port >= 0)
        {
            _columns.Add(new ViewColumn("SERVICE", (row, _) => ServiceOf(row, port, application, protocol))
            {
                Worth = 90,
                Narrowest = 9,
                Typical = 9,
            });
        }
    }

    private string ServiceOf(FieldRow row, int port, int application, int protocol)
    {
        string known = application >= 0 ? CellText.From(row[application], _hasUnicode) : "";
        string written = CellText.From(row[port], _hasUnicode);
        known = known.Length == 0 && int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? PortService.Find(number) ?? ""
            : known;
        return written == "0" ? (known.Length > 0 || protocol < 0 ? known : ProtocolOf(row[protocol], _hasUnicode))
            : known.Length > 0 ? $"{written}/{known}"
            : written;
    }

    private void AddNumber(string title, IReadOnlyList<int> columns, int worth, Func<double, string> format)
    {
        int[] places = [.. columns.Select(PlaceOf)];
        if (places.Length > 0)
        {
            _columns.Add(new ViewColumn(title, (row, _) => SumOf(row, places) is { } value ? format(value) : "")
            {
                Worth = worth,
                IsRight = true,
                Typical = 6,
            });
        }
    }

    private void AddText(string title, int column, int worth, bool isRight = false, bool isVerdict = false, int typical = 0)
    {
        if (PlaceOf(column) is >= 0 and int place)
        {
            _columns.Add(new ViewColumn(title, (row, _) => CellText.From(row[place], _hasUnicode))
            {
                Worth = worth,
                IsRight = isRight,
                IsVerdict = isVerdict,
                Typical = typical,
                Narrowest = isVerdict || isRight ? 0 : 6,
            });
        }
    }

    /// <summary>The feature that pushed the score most: the first of an explanation.</summary>
    private void AddReason(int column)
    {
        if (PlaceOf(column) is >= 0 and int place)
        {
            _columns.Add(new ViewColumn("REASON", (row, _) =>
            {
                ReadOnlySpan<byte> all = row[place];
                int end = all.IndexOf("; "u8);
                return CellText.From(end < 0 ? all : all[..end], _hasUnicode);
            })
            {
                Worth = 30,
                Narrowest = NarrowReason,
            });
        }
    }
}
