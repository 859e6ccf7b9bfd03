using System.Text;
using FlowMeter.Engine.Anonymization;

namespace FlowMeter.Tests.Anonymization;

/// <summary>What is a key, and what is told of a file that has none.</summary>
public sealed class AnonymizationKeyTests
{
    [Fact]
    public void A_new_key_is_64_digits_and_another_each_time()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(_ => AnonymizationKey.Create())];

        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key));
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Bytes_and_digits_of_a_key_are_the_same()
    {
        string digits = AnonymizationKey.Create();
        byte[] bytes = Convert.FromHexString(digits);

        Assert.Equal(bytes, AnonymizationKey.Parse(bytes).Bytes);
        Assert.Equal(bytes, AnonymizationKey.Parse(Encoding.ASCII.GetBytes(digits + "\r\n")).Bytes);
        Assert.Equal(bytes, AnonymizationKey.Parse(Encoding.ASCII.GetBytes("0x" + digits.ToUpperInvariant())).Bytes);
    }

    [Theory]
    [InlineData(0, "has 0 bytes")]
    [InlineData(31, "has 31 bytes")]
    [InlineData(33, "has 33 bytes")]
    [InlineData(64, "has 64 bytes")]
    [InlineData(5000, "has more bytes")]
    public void Anything_else_is_no_key(int length, string message)
    {
        byte[] file = [.. Enumerable.Repeat((byte)'g', length)];

        FormatException failure = Assert.Throws<FormatException>(() => AnonymizationKey.Parse(file));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains("flowmeter key > FILE", failure.Message, StringComparison.Ordinal);
    }
}
