namespace FlowMeter.Learning.Data;

/// <summary>
/// Which columns of a table hold the parts of a flow, by the names that our profiles, other programs and data sets (Zeek, Argus,
/// CICFlowMeter, the Elastic Common Schema) give them. Columns are numbered from 0; -1 where the table has none.
/// </summary>
public sealed class FlowFields
{
    private static readonly (string Name, double Seconds)[] s_durations =
        [("duration_us", 1e-6), ("Flow Duration", 1e-6), ("flowDuration", 1e-9), ("duration", 1)];

    private static readonly string[][] s_packets =
    [
        ["packets"], ["flowLength"], ["packets_numbers"], ["TotPkts"], ["Total Fwd Packet", "Total Bwd packets"],
        ["Total Fwd Packets", "Total Backward Packets"], ["spkts", "dpkts"], ["Spkts", "Dpkts"], ["orig_pkts", "resp_pkts"],
    ];

    private static readonly string[][] s_bytes =
    [
        ["bytes"], ["packetSizeTotal"], ["TotBytes"], ["Total Length of Fwd Packet", "Total Length of Bwd Packet"],
        ["Total Length of Fwd Packets", "Total Length of Bwd Packets"], ["sbytes", "dbytes"], ["orig_ip_bytes", "resp_ip_bytes"],
    ];

    /// <summary>Looks at a header.</summary>
    public FlowFields(TableColumns columns)
    {
        int First(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (columns.Find(name) is >= 0 and int number)
                {
                    return number;
                }
            }

            return -1;
        }

        StartTime = columns.Time >= 0 ? columns.Time : First("Stime", "ts", "event.start");
        EndTime = First("end_time", "event.end");
        SourceAddress = First("src_ip", "srcIP", "Src IP", "Source IP", "srcip", "SrcAddr", "id.orig_h", "source.ip");
        SourcePort = First("src_port", "srcPort", "Src Port", "Source Port", "sport", "Sport", "id.orig_p", "source.port");
        DestinationAddress = First(
            "dst_ip", "dstIP", "Dst IP", "Destination IP", "dstip", "DstAddr", "id.resp_h", "destination.ip");
        DestinationPort = First(
            "dst_port", "dstPort", "Dst Port", "Destination Port", "dsport", "Dport", "id.resp_p", "destination.port");
        Protocol = First("protocol", "Protocol", "proto", "Proto", "network.iana_number");
        SourceName = First("src_name");
        DestinationName = First("dst_name");
        ServerName = First("server_name");
        Application = First("application", "service");
        ConnectionState = First("connection_state", "conn_state");
        CommunityId = First("community_id");
        ForwardBytes = First("fwd_bytes", "fwdPacketSizeTotal", "Total Length of Fwd Packet", "sbytes", "orig_ip_bytes");
        BackwardBytes = First("bwd_bytes", "bwdPacketSizeTotal", "Total Length of Bwd Packet", "dbytes", "resp_ip_bytes");
        EndReason = First("end_reason");
        Verdict = First("verdict");
        VerdictBasis = First("verdict_by");
        Score = First("score");
        Explanation = First("explanation");
        (Duration, DurationUnit) = s_durations.Select(known => (First(known.Name), known.Seconds)).FirstOrDefault(
            known => known.Item1 >= 0, (-1, 0));
        Packets = Sum(columns, s_packets);
        Bytes = Sum(columns, s_bytes);
    }

    /// <summary>When the flow began.</summary>
    public int StartTime { get; }

    /// <summary>When its newest packet came.</summary>
    public int EndTime { get; }

    /// <summary>The address of the forward end.</summary>
    public int SourceAddress { get; }

    /// <summary>The port of the forward end.</summary>
    public int SourcePort { get; }

    /// <summary>The address of the other end.</summary>
    public int DestinationAddress { get; }

    /// <summary>The port of the other end.</summary>
    public int DestinationPort { get; }

    /// <summary>The protocol: its number, or its name.</summary>
    public int Protocol { get; }

    /// <summary>The name of the forward end.</summary>
    public int SourceName { get; }

    /// <summary>The name of the other end.</summary>
    public int DestinationName { get; }

    /// <summary>The name that the client asked the server for.</summary>
    public int ServerName { get; }

    /// <summary>What is spoken.</summary>
    public int Application { get; }

    /// <summary>What became of the connection.</summary>
    public int ConnectionState { get; }

    /// <summary>The Community ID.</summary>
    public int CommunityId { get; }

    /// <summary>How long the flow lasted.</summary>
    public int Duration { get; }

    /// <summary>The seconds that the unit of <see cref="Duration"/> is worth; 0 where there is none.</summary>
    public double DurationUnit { get; }

    /// <summary>Columns whose sum is the number of packets; empty where there are none.</summary>
    public IReadOnlyList<int> Packets { get; }

    /// <summary>Columns whose sum is the number of bytes; empty where there are none.</summary>
    public IReadOnlyList<int> Bytes { get; }

    /// <summary>Bytes from the forward end.</summary>
    public int ForwardBytes { get; }

    /// <summary>Bytes from the other end.</summary>
    public int BackwardBytes { get; }

    /// <summary>Why the flow ended.</summary>
    public int EndReason { get; }

    /// <summary>The verdict on it.</summary>
    public int Verdict { get; }

    /// <summary>What the verdict rests on.</summary>
    public int VerdictBasis { get; }

    /// <summary>Its score.</summary>
    public int Score { get; }

    /// <summary>What pushed the score.</summary>
    public int Explanation { get; }

    /// <summary>The numbers of the first of some sets of columns that are all there.</summary>
    private static int[] Sum(TableColumns columns, string[][] sets) =>
        sets.Select(names => Array.ConvertAll(names, columns.Find)).FirstOrDefault(numbers => !numbers.Contains(-1)) ?? [];
}
