using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace FlowMeter.Engine.Export;

/// <summary>Parquet's hybrid of run lengths and bit packing, for which values are there and for places in a dictionary.</summary>
internal static class ParquetLevels
{
    private const int MaxVarint = 6;

    /// <summary>Writes which values are there, behind the length of that.</summary>
    /// <param name="valid">A bit for each row, the lowest of a byte first.</param>
    /// <param name="count">Rows.</param>
    /// <param name="nulls">Rows without a value.</param>
    /// <param name="page">Where it goes.</param>
    public static void WriteDefinitions(ReadOnlySpan<byte> valid, int count, int nulls, ArrayBufferWriter<byte> page)
    {
        Span<byte> one = [nulls == 0 ? (byte)1 : (byte)0];
        Span<byte> head = stackalloc byte[sizeof(int) + MaxVarint];
        bool isRun = nulls == 0 || nulls == count;
        int length = isRun ? Varint((uint)count << 1, head[4..]) : Varint(((uint)valid.Length << 1) | 1, head[4..]);
        ReadOnlySpan<byte> bits = isRun ? one : valid;
        BinaryPrimitives.WriteInt32LittleEndian(head, length + bits.Length);
        page.Write(head[..(sizeof(int) + length)]);
        page.Write(bits);
    }

    /// <summary>Writes places behind their width in bits.</summary>
    public static void WritePlaces(ReadOnlySpan<int> places, int distinct, ArrayBufferWriter<byte> page)
    {
        int width = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(distinct - 1)));
        int groups = (places.Length + 7) / 8;
        Span<byte> head = stackalloc byte[1 + MaxVarint];
        head[0] = (byte)width;
        if (distinct == 1)
        {
            int run = 1 + Varint((uint)places.Length << 1, head[1..]);
            head[run] = 0;
            page.Write(head[..(run + 1)]);
            return;
        }

        page.Write(head[..(1 + Varint(((uint)groups << 1) | 1, head[1..]))]);
        int bytes = groups * width;
        Span<byte> to = page.GetSpan(bytes)[..bytes];
        ulong bits = 0;
        int filled = 0;
        int at = 0;
        for (int i = 0; i < groups * 8; i++)
        {
            bits |= (ulong)(i < places.Length ? places[i] : 0) << filled;
            for (filled += width; filled >= 8; filled -= 8)
            {
                to[at++] = (byte)bits;
                bits >>= 8;
            }
        }

        page.Advance(bytes);
    }

    /// <summary>Returns its bytes.</summary>
    private static int Varint(uint value, Span<byte> to)
    {
        int length = 0;
        for (; value > 0x7F; value >>= 7)
        {
            to[length++] = (byte)(value | 0x80);
        }

        to[length++] = (byte)value;
        return length;
    }
}
