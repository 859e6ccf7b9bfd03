using System.Buffers.Binary;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Row groups of a Parquet file, each behind a head that says how long the group is and what the footer will say of it. Readers know a
/// file by its footer, and skip these heads.
/// </summary>
internal sealed class ParquetFraming : BlockFraming
{
    /// <summary>Bytes at the beginning of a head: mark, length of the head, length of head and group, rows.</summary>
    public const int HeadStart = 24;

    /// <summary>Begins a head.</summary>
    public static ReadOnlySpan<byte> HeadMark => "FMRG"u8;

    internal override (long Length, long Rows)? Measure(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(ParquetSchema.FileMark) && start.Length >= ParquetSchema.FileMark.Length + (2 * sizeof(int)))
        {
            int front = BinaryPrimitives.ReadInt32LittleEndian(start[4..]);
            int back = BinaryPrimitives.ReadInt32LittleEndian(start[8..]);
            return front < 0 || back < 0 ? null : (12L + front + back, 0);
        }

        if (!start.StartsWith(HeadMark) || start.Length < HeadStart)
        {
            return null;
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(start[8..]);
        long rows = BinaryPrimitives.ReadInt64LittleEndian(start[16..]);
        return BinaryPrimitives.ReadInt32LittleEndian(start[4..]) is var head && head < HeadStart || head > length || rows <= 0
            ? null
            : (length, rows);
    }

    internal override FileTrailer CreateTrailer() => new ParquetFooter();
}
