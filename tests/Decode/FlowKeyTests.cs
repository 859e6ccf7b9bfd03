using FlowMeter.Engine.Decode;

namespace FlowMeter.Tests.Decode;

public sealed class FlowKeyTests
{
    [Fact]
    public void Both_directions_have_one_key()
    {
        Random random = new(1);
        FlowHash hash = new();
        for (int i = 0; i < 100_000; i++)
        {
            PacketHeaders there = Headers(random);
            FlowKey key = FlowKey.From(in there, out byte fromB);
            PacketHeaders back = Reversed(there);
            FlowKey reversed = FlowKey.From(in back, out byte backFromHigh);

            Assert.Equal(key, reversed);
            Assert.Equal(hash.Compute(in key), hash.Compute(in reversed));
            Assert.Equal(key.IsLoop ? 0 : 1, fromB ^ backFromHigh);
            Assert.Equal(fromB == 0 ? there.SourcePort : there.DestinationPort, key.PortA);
            Assert.Equal(fromB == 0 ? there.SourceUpper : there.DestinationUpper, key.AUpper);
            Assert.Equal(fromB == 0 ? there.SourceLower : there.DestinationLower, key.ALower);
            Assert.Equal((there.Protocol, there.Version), (key.Protocol, key.Version));
            Assert.Equal(0UL, key.Tail & ~FlowKey.TailMask);
        }
    }

    /// <summary>Values so few that ends are often equal in part or in whole.</summary>
    private static PacketHeaders Headers(Random random) => new()
    {
        SourceUpper = (ulong)random.Next(2),
        SourceLower = (ulong)random.Next(3),
        DestinationUpper = (ulong)random.Next(2),
        DestinationLower = (ulong)random.Next(3),
        SourcePort = (ushort)random.Next(3),
        DestinationPort = (ushort)random.Next(3),
        Protocol = (byte)random.Next(256),
        Version = (byte)(random.Next(2) == 0 ? 4 : 6),
    };

    private static PacketHeaders Reversed(PacketHeaders headers) => headers with
    {
        SourceUpper = headers.DestinationUpper,
        SourceLower = headers.DestinationLower,
        DestinationUpper = headers.SourceUpper,
        DestinationLower = headers.SourceLower,
        SourcePort = headers.DestinationPort,
        DestinationPort = headers.SourcePort,
    };
}
