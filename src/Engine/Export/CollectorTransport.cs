namespace FlowMeter.Engine.Export;

/// <summary>How messages get to a collector (RFC 7011 §10).</summary>
public enum CollectorTransport
{
    /// <summary>A datagram a message; what is lost is lost.</summary>
    Udp,

    /// <summary>A connection, which waits for the collector.</summary>
    Tcp,

    /// <summary>The same by TLS, to the one whose certificate has the collector's name.</summary>
    Tls,
}
