namespace FlowMeter.Engine.Features;

/// <summary>One column of a flow table.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Unit">The unit of its values; empty where there is none.</param>
/// <param name="Meaning">What it is, or how it is computed.</param>
/// <param name="Source">Where the values come from.</param>
/// <param name="Feature">Its number among the profile's features; -1 if it is none.</param>
public sealed record Column(string Name, string Unit, string Meaning, ColumnSource Source, int Feature = -1)
{
    /// <summary>The kind of its values.</summary>
    public ColumnType Type => Source switch
    {
        ColumnSource.Integer or ColumnSource.SourcePort or ColumnSource.DestinationPort or ColumnSource.Protocol => ColumnType.Integer,
        ColumnSource.Thousandths or ColumnSource.Double or ColumnSource.Score => ColumnType.Double,
        ColumnSource.StartTime or ColumnSource.EndTime => ColumnType.Time,
        ColumnSource.SourceAddress or ColumnSource.DestinationAddress => ColumnType.Address,
        ColumnSource.ProtocolName or ColumnSource.ApplicationName or ColumnSource.Label or ColumnSource.EndReason or ColumnSource.Verdict
            or ColumnSource.VerdictBasis or ColumnSource.ConnectionState or ColumnSource.Application or ColumnSource.ApplicationBasis =>
            ColumnType.Enumeration,
        _ => ColumnType.Text,
    };

    /// <summary>What a label's column holds where there is no label: CICFlowMeter's word for it.</summary>
    public const string NoLabel = "NeedManualLabel";

    /// <summary>The column that a label adds, behind all others, to a profile that has none for it.</summary>
    public static Column OfLabel { get; } = new("label", "", "the text of --label", ColumnSource.Label);

    /// <summary>The column that --community-id adds.</summary>
    public static Column OfCommunityId { get; } = new(
        "community_id", "", "Community ID v1 of the flow; empty for ICMP, whose messages have one each", ColumnSource.CommunityId);

    /// <summary>The column that --state adds; profile full always has it.</summary>
    public static Column OfConnectionState { get; } = new(
        "connection_state", "",
        "how the connection came about and ended, as Zeek's conn_state names it: S0 unanswered, S1 established, SF established and closed, "
            + "REJ refused, S2 and S3 closed by the originator or the responder alone, RSTO and RSTR reset by it, RSTOS0 SYN and RST of "
            + "the originator alone, RSTRH SYN+ACK and RST of the responder alone, SH SYN and FIN of the originator alone, SHR SYN+ACK and "
            + "FIN of the responder alone, OTH begun before; other than TCP: SF answered, S0 not",
        ColumnSource.ConnectionState);

    /// <summary>The columns that --names adds.</summary>
    public static IReadOnlyList<Column> OfNames { get; } =
    [
        new("application", "", "the application protocol, as nDPI names it: TLS, QUIC, DNS, HTTP; Unknown", ColumnSource.Application),
        new(
            "application_by", "", "what it is known by: payload, its own bytes; port, a well-known one alone; empty where it is Unknown",
            ColumnSource.ApplicationBasis),
        new("server_name", "", "the server that a TLS or QUIC client asks for (SNI)", ColumnSource.ServerName),
        new("ja4", "", "JA4 fingerprint of a TLS or QUIC client", ColumnSource.Ja4),
        new("alpn", "", "protocols that a TLS or QUIC client offers, with commas between", ColumnSource.Alpn),
        new("http_host", "", "host of the first HTTP request", ColumnSource.HttpHost),
        new("http_status", "", "status of the first HTTP answer that is final", ColumnSource.HttpStatus),
        new("dns_query", "", "name of the first question of DNS, mDNS or LLMNR", ColumnSource.DnsQuery),
        new("dns_rcode", "", "result of the first answer: NOERROR, NXDOMAIN", ColumnSource.DnsRcode),
        new(
            "src_name", "", "what src was called when the flow began: by answers of name servers before it, or by itself (DHCP, NetBIOS)",
            ColumnSource.SourceName),
        new("dst_name", "", "the same of dst", ColumnSource.DestinationName),
        new(
            "application_detail", "",
            "what else the first packets said, as name=value with '; ' between: tls_version, http_method, dns_type, ssh_client, "
                + "ssh_server, dhcp_host, netbios_name, smb_dialect, rdp_cookie, sip_method, user_agent",
            ColumnSource.ApplicationDetail),
    ];

    /// <summary>The column that --explain adds, behind all others.</summary>
    public static Column OfExplanation { get; } = new(
        "explanation", "",
        "the features that pushed the score most: name, range of the value, what it adds to the log-odds less what it adds on average",
        ColumnSource.Explanation);

    /// <summary>The column that a model adds behind its verdict in a profile that remembers hosts.</summary>
    public static Column OfVerdictBasis { get; } = new(
        "verdict_by", "",
        "what the verdict rests on: flow, its score; host, since the flow has fewer packets than the model asks for and its source scans, "
            + "sweeps or guesses passwords (docs/hosts.md); empty, nothing",
        ColumnSource.VerdictBasis);

    /// <summary>The two columns that a model adds at the end (SPEC §4).</summary>
    public static IReadOnlyList<Column> OfModel { get; } =
    [
        new("score", "1", "the model's probability that the flow is malicious", ColumnSource.Score),
        new(
            "verdict", "",
            "benign, malicious, or undecided for a flow with fewer packets than the model asks for or a score between its two thresholds",
            ColumnSource.Verdict),
    ];
}
