using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>What a report shows of a table of hosts: counts, and the rows that matter most. Memory is bounded.</summary>
public sealed class HostStatistics
{
    /// <summary>Rows that are shown.</summary>
    public const int Shown = 50;

    private static readonly string[] s_columns =
        ["interval_start", "src_ip", "flows", "peers", "ports", "failed_ratio", "verdict", "reasons"];

    private readonly List<HostRow> _top = [];

    private HostStatistics(string name) => Name = name;

    /// <summary>The name of the table.</summary>
    internal string Name { get; }

    /// <summary>Rows of the table.</summary>
    public long Rows { get; private set; }

    /// <summary>Those of them with the verdict malicious.</summary>
    public long Malicious { get; private set; }

    /// <summary>The malicious ones, then those of most flows; <see cref="Shown"/> at most.</summary>
    public IReadOnlyList<HostRow> Top => _top;

    /// <summary>Whether a table is one of hosts, and none of flows.</summary>
    public static bool IsTableOfHosts(FlowTableReader table) => s_columns.All(column => table.Columns.Find(column) >= 0);

    /// <summary>Reads a table of <c>--hosts</c> to its end.</summary>
    /// <exception cref="DataException">It is none, or a row can not be read.</exception>
    public static HostStatistics Read(FlowTableReader table)
    {
        int[] places = [.. s_columns.Select(table.Columns.Find)];
        if (places.Contains(-1))
        {
            throw new DataException($"{table.Name}: is no table of hosts, it has no column '{s_columns[Array.IndexOf(places, -1)]}'; "
                + "--hosts of flowmeter read and capture writes one.");
        }

        HostStatistics hosts = new(table.Name);
        while (table.Read())
        {
            hosts.Add(table, places);
        }

        hosts.Cut();
        return hosts;
    }

    private void Add(FlowTableReader table, int[] places)
    {
        double Number(int column) => NumberText.TryParse(table.Field(places[column]), out double number)
            ? number
            : throw new DataException($"{table.Name}: line {table.Line}: column '{s_columns[column]}' is "
                + $"'{table.Text(places[column])}', expected a number.");
        bool isMalicious = VerdictText.Parse(table.Field(places[6])) == Verdict.Malicious;
        Rows++;
        Malicious += isMalicious ? 1 : 0;
        _top.Add(new HostRow(
            table.Text(places[0]), table.Text(places[1]), Number(2), Number(3), Number(4), Number(5), isMalicious, table.Text(places[6]),
            table.Text(places[7])));
        if (_top.Count > 100 * Shown)
        {
            Cut();
        }
    }

    private void Cut()
    {
        HostRow[] sorted =
        [
            .. _top.OrderByDescending(row => row.IsMalicious).ThenByDescending(row => row.Flows)
                .ThenBy(row => row.Interval, StringComparer.Ordinal).ThenBy(row => row.Source, StringComparer.Ordinal).Take(Shown),
        ];
        _top.Clear();
        _top.AddRange(sorted);
    }
}
