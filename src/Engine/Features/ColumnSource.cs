namespace FlowMeter.Engine.Features;

/// <summary>Where a column of a flow table takes its values from, which is also how they are written.</summary>
public enum ColumnSource
{
    /// <summary>Time of the first packet, RFC 3339 UTC with nine decimals.</summary>
    StartTime,

    /// <summary>Newest time of the flow, RFC 3339 UTC with nine decimals.</summary>
    EndTime,

    /// <summary>Address of the forward end, RFC 5952.</summary>
    SourceAddress,

    /// <summary>Port of the forward end.</summary>
    SourcePort,

    /// <summary>Address of the other end.</summary>
    DestinationAddress,

    /// <summary>Port of the other end.</summary>
    DestinationPort,

    /// <summary>IANA protocol number.</summary>
    Protocol,

    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    ProtocolName,

    /// <summary>Deepfence's <c>src--dst--TCP--sport--dport</c>.</summary>
    FiveTuple,

    /// <summary>CICFlowMeter's <c>src-dst-sport-dport-protocol</c>.</summary>
    FlowId,

    /// <summary>AppFlowMeter's <c>YYYY-MM-DD HH:MM:SS.ffffff--src--sport--dst--dport</c>.</summary>
    StampedFlowId,

    /// <summary><c>HTTP</c>, <c>HTTPS</c>, <c>DNS</c> or <c>Others</c>, by the ports.</summary>
    ApplicationName,

    /// <summary>Community ID v1.</summary>
    CommunityId,

    /// <summary>A text that is the same in every row.</summary>
    Label,

    /// <summary>Why the flow ended: <c>idle</c>, <c>active</c>, <c>end</c>, <c>forced</c>, <c>resources</c>.</summary>
    EndReason,

    /// <summary>A feature that is an integer: a count or a sum of bytes.</summary>
    Integer,

    /// <summary>
    /// A feature that is kept in whole thousandths and written as a decimal: nanoseconds in µs, or a value of three decimals at most.
    /// </summary>
    Thousandths,

    /// <summary>A feature that is a double, written with the shortest digits that read back the same.</summary>
    Double,

    /// <summary>The model's probability of malicious.</summary>
    Score,

    /// <summary>The model's verdict.</summary>
    Verdict,

    /// <summary>What the verdict rests on: <c>flow</c>, <c>host</c> or nothing.</summary>
    VerdictBasis,

    /// <summary>The features that pushed the score most.</summary>
    Explanation,

    /// <summary>How the connection came about and ended, by Zeek's names.</summary>
    ConnectionState,

    /// <summary>The application protocol, as nDPI names it.</summary>
    Application,

    /// <summary>What the application is known by.</summary>
    ApplicationBasis,

    /// <summary>The server's name in a TLS or QUIC ClientHello.</summary>
    ServerName,

    /// <summary>The JA4 fingerprint of a TLS or QUIC client.</summary>
    Ja4,

    /// <summary>The protocols that a TLS or QUIC client offers.</summary>
    Alpn,

    /// <summary>The host of an HTTP request.</summary>
    HttpHost,

    /// <summary>The status of an HTTP answer.</summary>
    HttpStatus,

    /// <summary>The name of a DNS question.</summary>
    DnsQuery,

    /// <summary>The result of a DNS answer.</summary>
    DnsRcode,

    /// <summary>What the forward end was called.</summary>
    SourceName,

    /// <summary>What the other end was called.</summary>
    DestinationName,

    /// <summary>What else the first packets said.</summary>
    ApplicationDetail,
}
