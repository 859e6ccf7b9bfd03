using System.Buffers.Binary;
using System.Numerics;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Tests.Capture;

public sealed class PcapngInterfaceTests
{
    [Fact]
    public void Times_are_exact_for_every_resolution_and_offset()
    {
        Random random = new(1);
        for (int resolution = 0; resolution < 256; resolution++)
        {
            for (int i = 0; i < 300; i++)
            {
                ulong ticks = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                long offset = random.Next(3) switch { 0 => 0, 1 => random.NextInt64(-2_000_000_000, 2_000_000_000), _ => random.NextInt64(
                    long.MinValue, long.MaxValue) };

                Assert.Equal(Exact((byte)resolution, offset, ticks), Interface((byte)resolution, offset).Nanoseconds(ticks));
            }
        }
    }

    /// <summary>Rounded down, and moved to the nearer end of what 64 bits are used for.</summary>
    private static long Exact(byte resolution, long offset, ulong ticks)
    {
        BigInteger perSecond = (resolution & 0x80) != 0 ? BigInteger.One << (resolution & 0x7F) : BigInteger.Pow(10, resolution);
        BigInteger time = ((BigInteger)ticks * 1_000_000_000 / perSecond) + ((BigInteger)offset * 1_000_000_000);
        return (long)BigInteger.Clamp(time, CaptureTime.Earliest, CaptureTime.Latest);
    }

    private static PcapngInterface Interface(byte resolution, long offset)
    {
        byte[] body = new byte[8 + 8 + 12];
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(8), 9);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(10), 1);
        body[12] = resolution;
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(16), 14);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(18), 8);
        BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(20), offset);
        return PcapngInterface.Parse(body, bigEndian: true);
    }
}
