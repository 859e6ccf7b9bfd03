using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;

namespace FlowMeter.Tests.Export;

/// <summary>What readers skip row groups by (Statistics of parquet.thrift), where values are unlike most.</summary>
public sealed class ParquetStatisticsTests
{
    [Fact]
    public void Doubles_of_which_one_is_no_number_have_no_range() =>
        Assert.Equal(Without(nulls: 0), OfNumbers(ColumnType.Double, Bits(1), Bits(double.NaN), Bits(-1)));

    [Fact]
    public void Zero_stands_for_both_its_signs() =>
        Assert.Equal(With(0, Bits(-0.0), Bits(0.0)), OfNumbers(ColumnType.Double, Bits(0.0), Bits(-0.0), Bits(0.0)));

    [Fact]
    public void Doubles_are_compared_as_such() =>
        Assert.Equal(With(0, Bits(-2), Bits(1)), OfNumbers(ColumnType.Double, Bits(1), Bits(-2), Bits(0.5)));

    [Fact]
    public void Integers_and_times_have_a_sign()
    {
        Assert.Equal(With(0, unchecked((ulong)-5), 7), OfNumbers(ColumnType.Integer, 7, unchecked((ulong)-5), 0));
        Assert.Equal(With(0, unchecked((ulong)-5), 7), OfNumbers(ColumnType.Time, 7, unchecked((ulong)-5), 0));
    }

    [Fact]
    public void Texts_are_compared_by_bytes_and_those_that_are_not_there_count_as_null() =>
        Assert.Equal(With(2, "B"u8, "\u00e9"u8), OfTexts("a", "", "B", "", "\u00e9"));

    [Fact]
    public void Texts_of_which_one_is_long_have_no_range()
    {
        Assert.Equal(With(0, "a"u8, Encoding.UTF8.GetBytes(new string('b', 64))), OfTexts("a", new string('b', 64)));
        Assert.Equal(Without(nulls: 1), OfTexts("a", "", new string('b', 65)));
    }

    [Fact]
    public void A_column_without_a_text_has_no_range() => Assert.Equal(Without(nulls: 2), OfTexts("", ""));

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static byte[] Without(long nulls) => new ThriftWriter().Long(3, nulls).ToArray();

    private static byte[] With(long nulls, ulong least, ulong most) =>
        With(nulls, BitConverter.GetBytes(least), BitConverter.GetBytes(most));

    private static byte[] With(long nulls, ReadOnlySpan<byte> least, ReadOnlySpan<byte> most) =>
        new ThriftWriter().Long(3, nulls).Bytes(5, most).Bytes(6, least).ToArray();

    private static byte[] OfNumbers(ColumnType type, params ulong[] values)
    {
        using BatchColumn column = new(new BatchField("c", type), values.Length);
        column.AddValues(0, values);
        return ParquetStatistics.Of(column, values.Length, []);
    }

    private static byte[] OfTexts(params string[] values)
    {
        using BatchColumn column = new(new BatchField("c", ColumnType.Text), values.Length);
        for (int row = 0; row < values.Length; row++)
        {
            column.AddText(row, Encoding.UTF8.GetBytes(values[row]));
        }

        return ParquetStatistics.Of(column, values.Length, []);
    }
}
