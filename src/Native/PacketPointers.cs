namespace FlowMeter.Native;

/// <summary>
/// Where a handle says what packets there are: columns of the caller, each with room for as many packets as it asks for.
/// </summary>
/// <param name="data">First captured byte of each packet.</param>
/// <param name="capturedLength">Bytes captured of each packet.</param>
/// <param name="wireLength">Bytes of each packet on the wire, link header included.</param>
/// <param name="time">When each packet came, nanoseconds since 1970-01-01 UTC.</param>
public readonly unsafe struct PacketPointers(byte** data, uint* capturedLength, uint* wireLength, long* time)
{
    /// <summary>First captured byte of each packet.</summary>
    public byte** Data { get; } = data;

    /// <summary>Bytes captured of each packet.</summary>
    public uint* CapturedLength { get; } = capturedLength;

    /// <summary>Bytes of each packet on the wire, link header included.</summary>
    public uint* WireLength { get; } = wireLength;

    /// <summary>When each packet came, nanoseconds since 1970-01-01 UTC.</summary>
    public long* Time { get; } = time;
}
