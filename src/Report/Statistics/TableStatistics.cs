using System.Text;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// Statistics of a flow table for its report: totals, verdicts, sums over time, top talkers, services, and distributions of features. One
/// pass over a table of any size, in memory bounded by the counters of <see cref="HeavyHitters"/> (about 70 MB at most).
/// </summary>
public sealed class TableStatistics
{
    /// <summary>The order of verdicts in charts. Initialised before <see cref="VerdictRule"/>, which is made of it.</summary>
    private static readonly Verdict[] s_order = [Verdict.Benign, Verdict.Undecided, Verdict.Malicious];

    /// <summary>The verdicts, by number; any other text in the column counts as undecided.</summary>
    internal static readonly string[] Verdicts = [.. s_order.Select(VerdictText.Name)];

    private const int MaxNameLength = 200;
    private readonly char[] _name = new char[MaxNameLength];

    private readonly int _label;

    private TableStatistics(FlowTableReader table, int label)
    {
        _label = label;
        Name = table.Name;
        Roles = new ColumnRoles(table.Columns);
        Profile = table.Columns.FindProfile()?.Name;
        HighestScores = new HighestScores(Roles);
        ToLookAt = new FlowsToLookAt(Roles);
        Features = [.. Roles.Features().Select(feature => new FeatureSpread(feature.Place, feature.Column))];
    }

    /// <summary>The name of the table.</summary>
    internal string Name { get; }

    /// <summary>The columns that were found.</summary>
    internal ColumnRoles Roles { get; }

    /// <summary>The name of the profile of the table; null if it is of none.</summary>
    internal string? Profile { get; }

    /// <summary>Number of flows.</summary>
    internal long Flows { get; private set; }

    /// <summary>Packets of all flows; 0 where no column has them.</summary>
    internal double Packets { get; private set; }

    /// <summary>Bytes of all flows; 0 where no column has them.</summary>
    internal double Bytes { get; private set; }

    /// <summary>The earliest start in nanoseconds since the epoch; null if no row has a time.</summary>
    internal long? First { get; private set; }

    /// <summary>The latest start in nanoseconds since the epoch; null if no row has a time.</summary>
    internal long? Last { get; private set; }

    /// <summary>Number of rows whose time can not be parsed.</summary>
    internal long WithoutTime { get; private set; }

    /// <summary>A row for each of <see cref="VerdictRule"/>: number of flows, packets, bytes.</summary>
    internal double[,] OfVerdict { get; } = new double[3, 3];

    /// <summary>Flows that are malicious by what their source did.</summary>
    internal long MaliciousByHost { get; private set; }

    /// <summary>Whether features are shown by label.</summary>
    internal bool HasLabels => _label >= 0;

    /// <summary>Flows by label and verdict: rows benign and malicious, columns in the order of verdicts.</summary>
    internal long[,] OfLabel { get; } = new long[2, 3];

    /// <summary>Flows whose label is empty.</summary>
    internal long WithoutLabel { get; private set; }

    /// <summary>Whether the table has a column of verdicts.</summary>
    internal bool HasVerdicts => Roles.Verdict >= 0;

    /// <summary>Sums over time: flows of each of <see cref="VerdictRule"/>, packets, bytes.</summary>
    internal Timeline Timeline { get; } = new(5);

    /// <summary>Bytes by address, of either end of a flow.</summary>
    internal HeavyHitters TalkersByBytes { get; } = new();

    /// <summary>Packets by address.</summary>
    internal HeavyHitters TalkersByPackets { get; } = new();

    /// <summary>Flows by address.</summary>
    internal HeavyHitters TalkersByFlows { get; } = new();

    /// <summary>Flows judged malicious by address.</summary>
    internal HeavyHitters TalkersByMalicious { get; } = new();

    /// <summary>Bytes by pair of addresses, source and destination with an arrow between.</summary>
    internal HeavyHitters PairsByBytes { get; } = new();

    /// <summary>Flows by pair.</summary>
    internal HeavyHitters PairsByFlows { get; } = new();

    /// <summary>Flows judged malicious by pair.</summary>
    internal HeavyHitters PairsByMalicious { get; } = new();

    /// <summary>Peers and ports of each source.</summary>
    internal FanOut FanOut { get; } = new();

    /// <summary>Why flows are undecided.</summary>
    internal UndecidedReasons Undecided { get; } = new();

    /// <summary>The flows to look at first.</summary>
    internal FlowsToLookAt ToLookAt { get; }

    /// <summary>Flows by protocol, as the table has it.</summary>
    internal HeavyHitters Protocols { get; } = new(1024);

    /// <summary>Flows by protocol and destination port, with a blank between.</summary>
    internal HeavyHitters Services { get; } = new();

    /// <summary>Flows by end reason.</summary>
    internal HeavyHitters EndReasons { get; } = new(1024);

    /// <summary>The flows of the highest scores, where the table explains them.</summary>
    internal HighestScores HighestScores { get; }

    /// <summary>The distributions of the columns that are numbers.</summary>
    internal IReadOnlyList<FeatureSpread> Features { get; private set; }

    /// <summary>Reads a table to its end.</summary>
    /// <param name="table">The table, before its first row; it stays the caller's.</param>
    /// <param name="labelColumn">The column of labels, by which features are shown in place of verdicts; null: none.</param>
    /// <exception cref="DataException">Reading fails, a line is no row, or there is no such column.</exception>
    public static TableStatistics Read(FlowTableReader table, string? labelColumn = null)
    {
        int label = labelColumn == null ? -1 : LabelColumn.Find(table.Columns, labelColumn);
        if (labelColumn != null && label < 0)
        {
            throw new DataException($"{table.Name}: has no column '{labelColumn}'; name one of its header with --label-column.");
        }

        TableStatistics statistics = new(table, label);
        while (table.Read())
        {
            statistics.Add(table);
        }

        statistics.Features = [.. statistics.Features.Where(feature => !feature.IsText && feature.Count > 0)];
        return statistics;
    }

    private void Add(FlowTableReader table)
    {
        Flows++;
        double packets = Sum(table, Roles.Packets);
        double bytes = Sum(table, Roles.Bytes);
        int verdict = Roles.Verdict < 0 ? 0 : Array.IndexOf(s_order, VerdictText.Parse(table.Field(Roles.Verdict)));
        Packets += packets;
        Bytes += bytes;
        OfVerdict[verdict, 0]++;
        MaliciousByHost += Roles.VerdictBy >= 0 && table.Field(Roles.VerdictBy).SequenceEqual("host"u8) ? 1 : 0;
        OfVerdict[verdict, 1] += packets;
        OfVerdict[verdict, 2] += bytes;
        AddTime(table, verdict, packets, bytes);
        AddTalker(table, Roles.Source, verdict, packets, bytes);
        AddTalker(table, Roles.Destination, verdict, packets, bytes);
        AddNames(table);
        AddPair(table, verdict, bytes);
        HighestScores.Add(table);
        if (HasVerdicts)
        {
            ToLookAt.Add(table, verdict);
            Undecided.Add(packets, verdict == 1, Roles.VerdictBy >= 0 && table.Field(Roles.VerdictBy).SequenceEqual("host"u8));
        }

        int group = HasLabels ? ClassOf(table, verdict) : verdict;
        foreach (FeatureSpread feature in Features)
        {
            feature.Add(table.Field(feature.Place), group);
        }
    }

    /// <summary>
    /// The class of a row by its label, in the order of verdicts: <c>benign</c>, in letters of any case, is benign, an empty one neither,
    /// and any other names what is malicious.
    /// </summary>
    private int ClassOf(FlowTableReader table, int verdict)
    {
        ReadOnlySpan<byte> label = table.Field(_label).Trim((byte)' ');
        if (label.IsEmpty)
        {
            WithoutLabel++;
            return 1;
        }

        int isMalicious = LabelColumn.IsBenign(label) ? 0 : 1;
        OfLabel[isMalicious, verdict]++;
        return 2 * isMalicious;
    }

    private void AddTime(FlowTableReader table, int verdict, double packets, double bytes)
    {
        if (Roles.Time < 0 || TableTime.Parse(table.Field(Roles.Time)) is not long time)
        {
            WithoutTime++;
            return;
        }

        First = Math.Min(First ?? time, time);
        Last = Math.Max(Last ?? time, time);
        Span<double> sums = Timeline.At(time);
        sums[verdict]++;
        sums[3] += packets;
        sums[4] += bytes;
    }

    private void AddTalker(FlowTableReader table, int place, int verdict, double packets, double bytes)
    {
        if (place < 0)
        {
            return;
        }

        ReadOnlySpan<char> name = NameOf(table.Field(place), 0);
        TalkersByBytes.Add(name, bytes);
        TalkersByPackets.Add(name, packets);
        TalkersByFlows.Add(name, 1);
        TalkersByMalicious.Add(name, verdict == 2 ? 1 : 0);
    }

    private void AddPair(FlowTableReader table, int verdict, double bytes)
    {
        if (Roles.Source < 0 || Roles.Destination < 0)
        {
            return;
        }

        int length = NameOf(table.Field(Roles.Source), 0).Length;
        FanOut.Add(_name.AsSpan(0, length), table.Field(Roles.Destination), Roles.Port < 0 ? [] : table.Field(Roles.Port));
        " → ".CopyTo(_name.AsSpan(length));
        length += 3;
        length += NameOf(table.Field(Roles.Destination), length).Length;
        ReadOnlySpan<char> pair = _name.AsSpan(0, length);
        PairsByBytes.Add(pair, bytes);
        PairsByFlows.Add(pair, 1);
        PairsByMalicious.Add(pair, verdict == 2 ? 1 : 0);
    }

    private void AddNames(FlowTableReader table)
    {
        if (Roles.EndReason >= 0)
        {
            EndReasons.Add(NameOf(table.Field(Roles.EndReason), 0), 1);
        }

        if (Roles.Protocol < 0)
        {
            return;
        }

        ReadOnlySpan<char> protocol = NameOf(table.Field(Roles.Protocol), 0);
        Protocols.Add(protocol, 1);
        if (Roles.Port >= 0 && !table.Field(Roles.Port).SequenceEqual("0"u8))
        {
            _name[protocol.Length] = ' ';
            int length = protocol.Length + 1;
            length += NameOf(table.Field(Roles.Port), length).Length;
            Services.Add(_name.AsSpan(0, length), 1);
        }
    }

    /// <summary>A field as text, cut where it is too long to be a name.</summary>
    private ReadOnlySpan<char> NameOf(ReadOnlySpan<byte> field, int from)
    {
        int room = Math.Max(0, Math.Min(MaxNameLength / 2, MaxNameLength - from - 1));
        Encoding.UTF8.GetDecoder().Convert(field, _name.AsSpan(from, room), flush: true, out _, out int length, out _);
        return _name.AsSpan(from, length);
    }

    private double Sum(FlowTableReader table, int[] places)
    {
        double sum = 0;
        foreach (int place in places)
        {
            if (!NumberText.TryParse(table.Field(place), out double value))
            {
                throw new DataException($"{Name}: line {table.Line}: '{table.Text(place)}' where packets or bytes are expected, a number; "
                    + "mend or remove the line.");
            }

            sum += NumberText.IsVolume(value) ? value : 0;
        }

        return sum;
    }
}
