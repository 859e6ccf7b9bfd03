using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Tables;
using FlowMeter.Engine.Training;
using Verdict = FlowMeter.Engine.Flow.Verdict;
using VerdictText = FlowMeter.Engine.Flow.VerdictText;

namespace FlowMeter.Engine.Report;

/// <summary>What a flow table holds, found in one pass over its rows: a table of any size in bounded memory.</summary>
public sealed class TableStatistics
{
    /// <summary>The verdicts that are told apart; what else stands in the column counts as the last one.</summary>
    internal static readonly string[] Verdicts = [.. new[] { Verdict.Benign, Verdict.Undecided, Verdict.Malicious }.Select(VerdictText.Name)];

    private const int LongestName = 200;
    private readonly char[] _name = new char[LongestName];

    private TableStatistics(FlowTable table)
    {
        Name = table.Name;
        Roles = new ColumnRoles(table.Columns);
        Profile = table.Columns.FindProfile()?.Name;
        Features = [.. Roles.Features().Select(feature => new FeatureSpread(feature.Place, feature.Column))];
    }

    internal string Name { get; }

    internal ColumnRoles Roles { get; }

    /// <summary>The profile whose table this is; null for anybody else's.</summary>
    internal string? Profile { get; }

    internal long Flows { get; private set; }

    internal double Packets { get; private set; }

    internal double Bytes { get; private set; }

    /// <summary>The earliest time, nanoseconds since the epoch; null if no row has one.</summary>
    internal long? First { get; private set; }

    internal long? Last { get; private set; }

    internal long WithoutTime { get; private set; }

    /// <summary>Flows, packets, bytes of each of <see cref="Verdicts"/>.</summary>
    internal double[,] OfVerdict { get; } = new double[3, 3];

    internal bool HasVerdicts => Roles.Verdict >= 0;

    /// <summary>Flows of each of <see cref="Verdicts"/>, packets and bytes by time.</summary>
    internal Timeline Timeline { get; } = new(5);

    internal HeavyHitters TalkersByBytes { get; } = new();

    internal HeavyHitters TalkersByPackets { get; } = new();

    internal HeavyHitters TalkersByFlows { get; } = new();

    internal HeavyHitters TalkersByMalicious { get; } = new();

    internal HeavyHitters Protocols { get; } = new(1024);

    internal HeavyHitters Services { get; } = new();

    internal HeavyHitters EndReasons { get; } = new(1024);

    /// <summary>The columns that are numbers.</summary>
    internal IReadOnlyList<FeatureSpread> Features { get; private set; }

    /// <summary>Reads a table.</summary>
    /// <param name="table">The table, at its header.</param>
    /// <exception cref="DataException">It can not be read on, or a row is no row.</exception>
    public static TableStatistics Read(FlowTable table)
    {
        TableStatistics statistics = new(table);
        while (table.Read())
        {
            statistics.Add(table);
        }

        statistics.Features = [.. statistics.Features.Where(feature => !feature.IsText && feature.Count > 0)];
        return statistics;
    }

    private void Add(FlowTable table)
    {
        Flows++;
        double packets = Sum(table, Roles.Packets);
        double bytes = Sum(table, Roles.Bytes);
        int verdict = Roles.Verdict < 0 ? 0 : table.Field(Roles.Verdict).SequenceEqual(VerdictText.Bytes(Verdict.Benign)) ? 0 : table.Field(Roles.Verdict).SequenceEqual(VerdictText.Bytes(Verdict.Malicious)) ? 2 : 1;
        Packets += packets;
        Bytes += bytes;
        OfVerdict[verdict, 0]++;
        OfVerdict[verdict, 1] += packets;
        OfVerdict[verdict, 2] += bytes;
        AddTime(table, verdict, packets, bytes);
        AddTalker(table, Roles.Source, verdict, packets, bytes);
        AddTalker(table, Roles.Destination, verdict, packets, bytes);
        AddNames(table);
        foreach (FeatureSpread feature in Features)
        {
            feature.Add(table.Field(feature.Place), verdict);
        }
    }

    private void AddTime(FlowTable table, int verdict, double packets, double bytes)
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

    private void AddTalker(FlowTable table, int place, int verdict, double packets, double bytes)
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

    private void AddNames(FlowTable table)
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
        int room = Math.Max(0, Math.Min(LongestName / 2, LongestName - from - 1));
        Encoding.UTF8.GetDecoder().Convert(field, _name.AsSpan(from, room), flush: true, out _, out int length, out _);
        return _name.AsSpan(from, length);
    }

    private double Sum(FlowTable table, int[] places)
    {
        double sum = 0;
        foreach (int place in places)
        {
            if (!NumberText.TryParse(table.Field(place), out double value))
            {
                throw new DataException($"{Name}: line {table.Line}: '{table.Text(place)}' where packets or bytes are expected, a number; mend or remove the line.");
            }

            sum += NumberText.IsVolume(value) ? value : 0;
        }

        return sum;
    }
}

/// <summary>A column of numbers: how its values are spread, by verdict.</summary>
/// <param name="place">Where it is in the table.</param>
/// <param name="column">Its name and unit.</param>
internal sealed class FeatureSpread(int place, Column column)
{
    public int Place => place;

    public Column Column => column;

    /// <summary>Whether a value was no number: such a column has no profile.</summary>
    public bool IsText { get; private set; }

    /// <summary>One for each of the verdicts.</summary>
    public LogHistogram[] OfVerdict { get; } = [new(), new(), new()];

    /// <summary>Values that are numbers.</summary>
    public long Count => OfVerdict.Sum(histogram => histogram.Count);

    public void Add(ReadOnlySpan<byte> field, int verdict)
    {
        if (IsText)
        {
            return;
        }

        if (NumberText.TryParse(field, out double value))
        {
            OfVerdict[verdict].Add(value);
        }
        else
        {
            IsText = true;
        }
    }
}
