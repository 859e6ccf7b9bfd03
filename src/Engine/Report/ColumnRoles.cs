using FlowMeter.Engine.Features;
using FlowMeter.Engine.Tables;
using FlowMeter.Engine.Training;

namespace FlowMeter.Engine.Report;

/// <summary>Which column of a table says what: by the names that our profiles and the usual data sets give them. −1 where there is none.</summary>
internal sealed class ColumnRoles
{
    private readonly TableColumns _columns;

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
        Packets = First(["packets", "flowLength", "packets_numbers", "TotPkts"], ["Total Fwd Packet", "Total Bwd packets"], ["Total Fwd Packets", "Total Backward Packets"], ["spkts", "dpkts"], ["Spkts", "Dpkts"]);
        Bytes = First(["bytes", "packetSizeTotal", "TotBytes"], ["Total Length of Fwd Packet", "Total Length of Bwd Packet"], ["Total Length of Fwd Packets", "Total Length of Bwd Packets"], ["sbytes", "dbytes"]);
    }

    public int Time { get; }

    public int Source { get; }

    public int Destination { get; }

    public int Port { get; }

    public int Protocol { get; }

    public int EndReason { get; }

    public int Verdict { get; }

    /// <summary>The columns whose sum is the flow's packets; none where nobody knows.</summary>
    public int[] Packets { get; }

    /// <summary>The columns whose sum is the flow's bytes; none where nobody knows.</summary>
    public int[] Bytes { get; }

    /// <summary>The columns worth a profile: a profile's features, or of anybody's table all but those that say who, where and when.</summary>
    public IReadOnlyList<(int Place, Column Column)> Features()
    {
        Profile? profile = _columns.FindProfile();
        if (profile != null)
        {
            HashSet<string> printed = [.. TableColumns.PrintedFeatures(profile)];
            return [.. profile.Features.Where(column => printed.Contains(column.Name)).Select(column => (_columns.Find(column.Name), column))];
        }

        int[] known = [Time, Source, Destination, Port, Protocol, EndReason, Verdict, Find("score"), Find("label", "Label")];
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

    /// <summary>One column of the first list, or both of the first pair that is there.</summary>
    private int[] First(string[] single, params string[][] pairs)
    {
        if (Find(single) is var one && one >= 0)
        {
            return [one];
        }

        return pairs.Select(pair => pair.Select(name => _columns.Find(name)).ToArray()).FirstOrDefault(places => places.All(place => place >= 0), []);
    }
}
