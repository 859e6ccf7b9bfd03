namespace FlowMeter.Engine.Flow;

/// <summary>What one end of a TCP connection has come to, as Zeek has it.</summary>
internal enum TcpEndState : byte
{
    /// <summary>It sent nothing.</summary>
    Inactive,

    /// <summary>It sent a SYN.</summary>
    SynSent,

    /// <summary>It sent what begins a connection and has SYN and ACK at once.</summary>
    SynAckSent,

    /// <summary>It sent packets, and how it began was not seen.</summary>
    Partial,

    /// <summary>Its SYN was answered, or is an answer.</summary>
    Established,

    /// <summary>It sent a FIN.</summary>
    Closed,

    /// <summary>It sent a RST.</summary>
    Reset,
}
