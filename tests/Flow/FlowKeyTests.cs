using FlowMeter.Engine.Decode;

namespace FlowMeter.Tests.Flow;

public sealed class FlowKeyTests
{
    [Fact]
    public void BothDirectionsHaveOneKey()
    {
        Random random = new(1);
        FlowHash hash = new();
        for (int i = 0; i < 100_000; i++)
        {
            PacketHeaders there = Headers(random);
            FlowKey key = FlowKey.Of(in there, out byte fromHigh);
            PacketHeaders back = Reversed(there);
            FlowKey reversed = FlowKey.Of(in back, out byte backFromHigh);

            Assert.Equal(key, reversed);
            Assert.Equal(hash.Of(in key), hash.Of(in reversed));
            Assert.Equal(key.IsLoop ? 0 : 1, fromHigh ^ backFromHigh);
            Assert.Equal(fromHigh == 0 ? there.SourcePort : there.DestinationPort, key.LowPort);
            Assert.Equal(fromHigh == 0 ? there.SourceA : there.DestinationA, key.LowA);
            Assert.Equal(fromHigh == 0 ? there.SourceB : there.DestinationB, key.LowB);
            Assert.Equal((there.Protocol, there.Version), (key.Protocol, key.Version));
            Assert.Equal(0UL, key.Tail & ~FlowKey.TailMask);
        }
    }

    /// <summary>Values so few that ends are often equal in part or in whole.</summary>
    private static PacketHeaders Headers(Random random) => new()
    {
        SourceA = (ulong)random.Next(2),
        SourceB = (ulong)random.Next(3),
        DestinationA = (ulong)random.Next(2),
        DestinationB = (ulong)random.Next(3),
        SourcePort = (ushort)random.Next(3),
        DestinationPort = (ushort)random.Next(3),
        Protocol = (byte)random.Next(256),
        Version = (byte)(random.Next(2) == 0 ? 4 : 6),
    };

    private static PacketHeaders Reversed(PacketHeaders headers) => headers with
    {
        SourceA = headers.DestinationA,
        SourceB = headers.DestinationB,
        DestinationA = headers.SourceA,
        DestinationB = headers.SourceB,
        SourcePort = headers.DestinationPort,
        DestinationPort = headers.SourcePort,
    };
}
