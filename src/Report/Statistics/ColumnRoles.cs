using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// The columns of a table by their role, by the names of our profiles and of common data sets. Columns are numbered from 0; -1 where there
/// is none.
/// </summary>
internal sealed class ColumnRoles
{
    private readonly TableColumns _columns;

    /// <summary>Finds the columns.</summary>
    public ColumnRoles(TableColumns columns)
    {
        _columns = columns;
        Time = Find("start_time", "timestamp", "Timestamp", "Stime");
        Source = Find("src_ip", "srcIP", "Src IP", "Source IP", "srcip", "SrcAddr");
        Destination = Find("dst_ip", "dstIP", "Dst IP", "Destination IP", "dstip", "DstAddr");
        Port = Find("dst_port", "dstPort", "Dst Port", "Destination Port", "dsport", "Dport");
        Protocol = Find("protocol", "Protocol", "proto", "Proto");
        EndReason = Find("end_reason");
        Verdict = Find("verdict");
        VerdictBy = Find("verdict_by");
        Score = Find("score");
        Explanation = Find("explanation");
        SourcePort = Find("src_port", "srcPort", "Src Port", "Source Port", "sport", "Sport");
        Packets = First(
            ["packets", "flowLength", "packets_numbers", "TotPkts"],
            ["Total Fwd Packet", "Total Bwd packets"],
            ["Total Fwd Packets", "Total Backward Packets"],
            ["spkts", "dpkts"],
            ["Spkts", "Dpkts"]);
        Bytes = First(
            ["bytes", "packetSizeTotal", "TotBytes"],
            ["Total Length of Fwd Packet", "Total Length of Bwd Packet"],
            ["Total Length of Fwd Packets", "Total Length of Bwd Packets"],
            ["sbytes", "dbytes"]);
    }

    /// <summary>The column of the start time.</summary>
    public int Time { get; }

    /// <summary>The column of the source address.</summary>
    public int Source { get; }

    /// <summary>The column of the destination address.</summary>
    public int Destination { get; }

    /// <summary>The column of the destination port.</summary>
    public int Port { get; }

    /// <summary>The column of the protocol.</summary>
    public int Protocol { get; }

    /// <summary>The column of the end reason.</summary>
    public int EndReason { get; }

    /// <summary>The column of the verdict.</summary>
    public int Verdict { get; }

    /// <summary>The column that says what the verdict rests on.</summary>
    public int VerdictBy { get; }

    /// <summary>The column of the score.</summary>
    public int Score { get; }

    /// <summary>The column that says what pushed the score.</summary>
    public int Explanation { get; }

    /// <summary>The column of the source port.</summary>
    public int SourcePort { get; }

    /// <summary>The columns whose sum is the number of packets; empty where there are none.</summary>
    public int[] Packets { get; }

    /// <summary>The columns whose sum is the number of bytes; empty where there are none.</summary>
    public int[] Bytes { get; }

    /// <summary>
    /// The columns to show distributions of: the features of the profile, or, in a table of no profile, all but those of
    /// <see cref="ForbiddenFeature"/>.
    /// </summary>
    public IReadOnlyList<(int Place, Column Column)> Features()
    {
        Profile? profile = _columns.FindProfile();
        if (profile != null)
        {
            HashSet<string> printed = [.. TableColumns.PrintedFeatures(profile)];
            return [.. profile.Features.Where(column => printed.Contains(column.Name)).Select(
                column => (_columns.Find(column.Name), column))];
        }

        int[] known =
            [Time, Source, Destination, Port, Protocol, EndReason, Verdict, VerdictBy, Score, Explanation, Find("label", "Label")];
        return [.. _columns.Header.Index()
            .Where(column => !known.Contains(column.Index) && !ForbiddenFeature.Is(column.Item))
            .Select(column => (column.Index, new Column(column.Item, "", "", ColumnSource.Double)))];
    }

    private int Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_columns.Find(name) is var place && place >= 0)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>The first column of the list that is there, else both columns of the first pair that is there.</summary>
    private int[] First(string[] single, params string[][] pairs)
    {
        if (Find(single) is var one && one >= 0)
        {
            return [one];
        }

        return pairs.Select(pair => pair.Select(name => _columns.Find(name)).ToArray()).FirstOrDefault(
            places => places.All(place => place >= 0), []);
    }
}
