using System.Buffers.Binary;
using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>The smallest and the largest value of a column in a row group, by which readers skip groups (Statistics).</summary>
internal static class ParquetStatistics
{
    // Longer texts are no help to who searches.
    private const int MaxText = 64;

    /// <summary>The fields, encoded. Numbers that are not comparable, and long texts, have no smallest and largest value.</summary>
    /// <param name="column">The column.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="distinct">Rows that have each value that is there; empty: any row may.</param>
    public static byte[] Of(BatchColumn column, int count, ReadOnlySpan<int> distinct)
    {
        ThriftWriter fields = new();
        fields.Long(3, column.Nulls);
        if (!column.Field.IsText)
        {
            (ulong Least, ulong Most)? range = column.Field.Type == ColumnType.Double
                ? OfDoubles(column.ValuesOf(count))
                : OfIntegers(column.ValuesOf(count));
            if (range is { } bounds)
            {
                Span<byte> value = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(value, bounds.Most);
                fields.Bytes(5, value);
                BinaryPrimitives.WriteUInt64LittleEndian(value, bounds.Least);
                fields.Bytes(6, value);
            }

            return fields.ToArray();
        }

        ReadOnlySpan<int> offsets = column.OffsetsOf(count);
        ReadOnlySpan<byte> text = column.TextOf(count);
        ReadOnlySpan<byte> least = [];
        ReadOnlySpan<byte> most = [];
        int rows = distinct.IsEmpty ? count : distinct.Length;
        for (int i = 0; i < rows; i++)
        {
            int row = distinct.IsEmpty ? i : distinct[i];
            ReadOnlySpan<byte> value = text[offsets[row]..offsets[row + 1]];
            if (value.Length > MaxText)
            {
                return fields.ToArray();
            }

            least = value.IsEmpty || (!least.IsEmpty && least.SequenceCompareTo(value) <= 0) ? least : value;
            most = most.SequenceCompareTo(value) >= 0 ? most : value;
        }

        return most.IsEmpty ? fields.ToArray() : fields.Bytes(5, most).Bytes(6, least).ToArray();
    }

    private static (ulong Least, ulong Most)? OfIntegers(ReadOnlySpan<ulong> values)
    {
        long least = long.MaxValue;
        long most = long.MinValue;
        foreach (ulong value in values)
        {
            least = Math.Min(least, (long)value);
            most = Math.Max(most, (long)value);
        }

        return ((ulong)least, (ulong)most);
    }

    private static (ulong Least, ulong Most)? OfDoubles(ReadOnlySpan<ulong> values)
    {
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        foreach (ulong bits in values)
        {
            double value = BitConverter.UInt64BitsToDouble(bits);
            if (double.IsNaN(value))
            {
                return null;
            }

            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        // Zero has two signs, and readers may not tell them apart: the range has both.
        return (BitConverter.DoubleToUInt64Bits(least == 0 ? -0.0 : least), BitConverter.DoubleToUInt64Bits(most == 0 ? 0.0 : most));
    }
}
