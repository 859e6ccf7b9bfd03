using FlowMeter.Tests.Fuzz;

namespace FlowMeter.Tests.Names;

/// <summary>Payloads that end anywhere, at an unreadable page.</summary>
public sealed class TruncationTests
{
    private const int AllUpTo = 300;
    private const int Step = 37;

    [Fact]
    public void Messages_may_end_at_any_byte()
    {
        foreach ((string name, byte[] bytes) in SeedPayloads.All)
        {
            for (int length = 0; length <= bytes.Length; length += length < AllUpTo ? 1 : Step)
            {
                try
                {
                    PayloadTarget.Run(bytes[..length]);
                }
                catch (Exception e)
                {
                    Assert.Fail($"{name}, {length} bytes: {e}");
                }
            }
        }
    }

    /// <summary>Each of the bytes that lengths, types and counts are made of, set to what it rarely is.</summary>
    [Theory]
    [InlineData(0x00)]
    [InlineData(0x7F)]
    [InlineData(0xC0)]
    [InlineData(0xFF)]
    public void Any_byte_may_be_wrong(byte value)
    {
        foreach ((string name, byte[] bytes) in SeedPayloads.All)
        {
            for (int at = 2; at < Math.Min(bytes.Length, AllUpTo); at++)
            {
                byte[] changed = [.. bytes];
                changed[at] = value;
                try
                {
                    PayloadTarget.Run(changed);
                }
                catch (Exception e)
                {
                    Assert.Fail($"{name}, byte {at} is {value}: {e}");
                }
            }
        }
    }
}
