namespace FlowMeter.Engine.Names;

/// <summary>A packet of QUIC with a long header (RFC 9000 §17.2), as parts of its datagram.</summary>
internal ref struct QuicPacket
{
    private const int VersionAt = 1;
    private const int MinLength = 7;

    /// <summary>The version of QUIC.</summary>
    public uint Version { get; private set; }

    /// <summary>The destination connection identifier.</summary>
    public ReadOnlySpan<byte> Connection { get; private set; }

    /// <summary>Whether it is a first packet, of a version that can be read.</summary>
    public bool IsInitial { get; private set; }

    /// <summary>All of the packet.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Where the packet's number begins in it.</summary>
    public int NumberAt { get; private set; }

    /// <summary>Whether bytes begin as such a packet does, of a version that is in use.</summary>
    public static bool MayBe(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= MinLength && (bytes[0] & 0xC0) == 0xC0
            && QuicVersion.IsKnown(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[VersionAt..]));

    /// <summary>Reads the packet that a datagram begins with.</summary>
    /// <param name="bytes">The datagram; on return, what follows the packet.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>False where there is none with a length: a short header, a Retry, padding, or what can not be read.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out QuicPacket packet)
    {
        packet = default;
        if (!MayBe(bytes))
        {
            return false;
        }

        ByteReader reader = new(bytes);
        int type = (reader.Byte() >> 4) & 3;
        packet.Version = reader.UInt32();
        int connection = reader.Byte();
        packet.Connection = reader.Take(connection);
        int source = reader.Byte();
        reader.Skip(source);
        int retry = packet.Version == QuicVersion.Second ? 0 : 3;
        if (Math.Max(connection, source) > StreamHead.MaxConnectionId || !QuicVersion.HasKeys(packet.Version) || type == retry)
        {
            return false;
        }

        packet.IsInitial = type == QuicVersion.InitialType(packet.Version);
        if (packet.IsInitial)
        {
            ulong token = reader.Varint();
            reader.Skip((int)Math.Min(token, int.MaxValue));
        }

        ulong length = reader.Varint();
        packet.NumberAt = bytes.Length - reader.Rest.Length;
        if (reader.IsShort || length > (ulong)reader.Rest.Length)
        {
            return false;
        }

        int end = packet.NumberAt + (int)length;
        packet.Bytes = bytes[..end];
        bytes = bytes[end..];
        return true;
    }
}
