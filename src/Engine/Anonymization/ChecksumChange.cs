using System.Buffers.Binary;

namespace FlowMeter.Engine.Anonymization;

/// <summary>
/// What replaced bytes change in a sum of 16-bit words in ones' complement, so that a checksum over them is mended without the rest of the
/// packet (RFC 1624). A checksum that was wrong stays as wrong.
/// </summary>
internal struct ChecksumChange
{
    private ulong _sum;

    /// <summary>Whether the checksum among some bytes holds for all of them.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        ChecksumChange sum = default;
        sum.Add(bytes);
        return sum.Folded() == ushort.MaxValue;
    }

    /// <summary>Takes bytes out of the sum: as they were, before they are replaced.</summary>
    /// <param name="bytes">At an even distance from the first byte that the checksum covers; an odd one only at its end.</param>
    public void Remove(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            _sum += (ushort)~BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        _sum += bytes.IsEmpty ? 0u : (ushort)~(bytes[0] << 8);
    }

    /// <summary>Takes in bytes that stand there now.</summary>
    /// <param name="bytes">As many.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            _sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        _sum += bytes.IsEmpty ? 0u : (uint)bytes[0] << 8;
    }

    /// <summary>Takes in another change, of bytes that this sum covers, too.</summary>
    public void Add(ChecksumChange other) => _sum += other.Folded();

    /// <summary>Mends a checksum, and takes its own change in, since sums around it cover it.</summary>
    /// <param name="checksum">Its two bytes.</param>
    /// <param name="mayBeAbsent">Whether 0 says that there is none, as in UDP over IPv4 (RFC 768).</param>
    /// <returns>The change of the sum of all bytes, that of the checksum included.</returns>
    public readonly ChecksumChange Mend(Span<byte> checksum, bool mayBeAbsent = false)
    {
        ChecksumChange whole = this;
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(checksum);
        if (before == 0 && mayBeAbsent)
        {
            return whole;
        }

        ChecksumChange mended = new() { _sum = _sum + (ushort)~before };
        ushort after = (ushort)~mended.Folded();
        after = after == 0 && mayBeAbsent ? ushort.MaxValue : after;
        whole.Remove(checksum);
        BinaryPrimitives.WriteUInt16BigEndian(checksum, after);
        whole.Add(checksum);
        return whole;
    }

    private readonly ushort Folded()
    {
        ulong sum = _sum;
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
