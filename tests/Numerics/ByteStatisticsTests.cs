using System.Text;
using FlowMeter.Engine.Numerics;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Numerics;

[Trait("Category", "Vector")]
public sealed unsafe class ByteStatisticsTests
{
    [Fact]
    public void Entropy_is_that_of_the_frequencies()
    {
        Random random = new(1);
        for (int length = 1; length <= ByteStatistics.MaxLength; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(1 + (length % 256)))];
            fixed (byte* first = bytes)
            {
                Assert.Equal(ReferenceFull.Entropy(Encoding.Latin1.GetString(bytes)), ByteStatistics.Entropy(first, length), 1e-12);
            }
        }
    }

    [Fact]
    public void Entropy_of_nothing_and_of_one_value_is_0()
    {
        byte[] same = new byte[ByteStatistics.MaxLength];
        fixed (byte* first = same)
        {
            Assert.Equal(0, ByteStatistics.Entropy(first, 0));
            Assert.Equal(0, ByteStatistics.Entropy(first, 1));
            Assert.Equal(0, ByteStatistics.Entropy(first, same.Length));
        }
    }

    [Fact]
    public void The_vector_count_of_printables_is_that_of_the_scalar_twin()
    {
        Random random = new(2);
        for (int length = 0; length <= 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            int expected = bytes.Count(value => value is >= 32 and <= 126 or 9 or 10 or 13);
            fixed (byte* first = bytes)
            {
                Assert.Equal(expected, ByteStatistics.CountPrintable(first, length));
                Assert.Equal(expected, ByteStatistics.CountPrintableOneByOne(first, length));
            }
        }
    }
}
