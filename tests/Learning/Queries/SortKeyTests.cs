using System.Text;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>Keys of bytes are in the order of the values.</summary>
public sealed class SortKeyTests
{
    [Theory]
    [InlineData(QueryKind.Number, "-inf -1e300 -2 -1 -0.5 0 1e-300 0.5 1 2 10 1e300 inf")]
    [InlineData(QueryKind.Time, "1960-01-01 1970-01-01T00:00:00.000000001Z 1999-12-31 2026-11-27T10:00:00Z 2026-11-27T10:00:00.000000001Z")]
    [InlineData(QueryKind.Address, "0.0.0.0 9.255.0.1 10.0.0.0 10.0.0.1 255.255.255.255 :: ::1 2001:db8::1 fe80::1")]
    [InlineData(QueryKind.Text, "1 10 9 A a a\0 a\0b aa ab b")]
    [InlineData(QueryKind.Any, "-5 9 10 1e3 a b")]
    public void Values_are_in_order_and_missing_ones_last(QueryKind kind, string values)
    {
        string[] ordered = values.Split(' ');
        for (int i = 0; i < ordered.Length; i++)
        {
            for (int j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(Math.Sign(i - j), Compare(kind, ordered[i], ordered[j], isDescending: false));
                if (kind != QueryKind.Any)
                {
                    Assert.Equal(Math.Sign(j - i), Compare(kind, ordered[i], ordered[j], isDescending: true));
                }
            }

            Assert.Equal(-1, Compare(kind, ordered[i], "", isDescending: false));
            Assert.Equal(-1, Compare(kind, ordered[i], "", isDescending: true));
        }
    }

    [Fact]
    public void Zero_has_one_place() => Assert.Equal(0, Compare(QueryKind.Number, "0", "-0", isDescending: false));

    [Fact]
    public void The_second_value_decides_between_equal_first_ones()
    {
        static byte[] Key(string one, string other)
        {
            SortKey key = new();
            key.Add(Encoding.UTF8.GetBytes(one), QueryKind.Text, isDescending: true);
            key.Add(Encoding.UTF8.GetBytes(other), QueryKind.Number, isDescending: false);
            return key.Bytes.ToArray();
        }

        byte[][] keys = [Key("b", "1"), Key("b", "2"), Key("ab", "1"), Key("a", "0"), Key("", "7")];
        Assert.Equal(keys, keys.Reverse().OrderBy(key => Convert.ToHexString(key), StringComparer.Ordinal));
    }

    private static int Compare(QueryKind kind, string one, string other, bool isDescending)
    {
        SortKey left = new();
        left.Add(Encoding.UTF8.GetBytes(one), kind, isDescending);
        SortKey right = new();
        right.Add(Encoding.UTF8.GetBytes(other), kind, isDescending);
        return Math.Sign(left.Bytes.SequenceCompareTo(right.Bytes));
    }
}
