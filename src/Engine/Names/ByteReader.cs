using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads fields in network byte order, one after the other. What lies beyond the end is 0 or cut, and <see cref="IsShort"/> says so: a
/// parser reads on and asks once.
/// </summary>
/// <param name="bytes">The bytes.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether something was asked for that is beyond the end.</summary>
    public bool IsShort { get; private set; }

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next byte.</summary>
    public byte Byte()
    {
        ReadOnlySpan<byte> bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    /// <summary>The next two bytes, as a number.</summary>
    public ushort UInt16()
    {
        ReadOnlySpan<byte> bytes = Take(2);
        return bytes.Length < 2 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>The next three bytes, as a number.</summary>
    public int UInt24() => (Byte() << 16) | UInt16();

    /// <summary>The next four bytes, as a number.</summary>
    public uint UInt32()
    {
        ReadOnlySpan<byte> bytes = Take(4);
        return bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>The next number of variable length (RFC 9000 §16).</summary>
    public ulong Varint()
    {
        byte first = Byte();
        ulong value = first & 0x3Fu;
        for (int more = (1 << (first >> 6)) - 1; more > 0; more--)
        {
            value = (value << 8) | Byte();
        }

        return value;
    }

    /// <summary>Steps over bytes of one value.</summary>
    public void SkipAll(byte value)
    {
        int end = _rest.IndexOfAnyExcept(value);
        _rest = end < 0 ? [] : _rest[end..];
    }

    /// <summary>The next bytes; fewer where the end comes before.</summary>
    /// <param name="count">How many; one below 0 is beyond the end.</param>
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            IsShort = true;
            count = _rest.Length;
        }

        ReadOnlySpan<byte> bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>Steps over bytes.</summary>
    public void Skip(int count) => Take(count);
}
