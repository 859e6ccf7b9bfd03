namespace FlowMeter.Engine.Names;

/// <summary>What is known of the bytes that one end of a flow sent.</summary>
[Flags]
internal enum EndState : byte
{
    /// <summary>No packet was seen.</summary>
    None = 0,

    /// <summary>The sequence number of the first byte is known.</summary>
    HasStart = 1,

    /// <summary>It is known from the SYN, so nothing comes before it.</summary>
    HasSyn = 2,

    /// <summary>The beginning was read. What follows is looked at for a TLS handshake that begins later.</summary>
    IsRead = 4,

    /// <summary>The flow's source sends from this end.</summary>
    IsForward = 8,
}
