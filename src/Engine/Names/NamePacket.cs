namespace FlowMeter.Engine.Names;

/// <summary>What is looked at of a packet for names. It holds as long as the memory that the packet was decoded in.</summary>
internal readonly ref struct NamePacket
{
    /// <summary>Bytes of a payload that are looked at, at most: a whole frame of Ethernet, and no more of a larger one.</summary>
    public const int MaxPayload = 2048;

    /// <summary>The captured bytes of the payload, at most <see cref="MaxPayload"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Bytes of the payload by the headers; not below those captured.</summary>
    public uint Length { get; init; }

    /// <summary>The sequence number of the TCP header, which is that of the SYN in a packet that has one; 0 for other protocols.</summary>
    public uint Sequence { get; init; }

    /// <summary>The flags of the TCP header; 0 for other protocols.</summary>
    public byte TcpFlags { get; init; }

    /// <summary>The transport protocol's number.</summary>
    public byte Protocol { get; init; }

    /// <summary>1 where endpoint B of the flow sent the packet.</summary>
    public byte FromB { get; init; }

    /// <summary>Whether the flow's source sent the packet.</summary>
    public bool IsForward { get; init; }

    /// <summary>The port that the packet comes from.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The port that it goes to.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>When it was captured, ns since 1970.</summary>
    public long Time { get; init; }

    /// <summary>Whether the whole payload is here.</summary>
    public bool IsWhole => (uint)Payload.Length >= Length;
}
