using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed unsafe class StructLayoutTests
{
    private static readonly int Long = OperatingSystem.IsWindows() ? 4 : 8;

    [Fact]
    public void Packet_header_is_two_longs_and_two_ints() => Assert.Equal((2 * Long) + 8, Unsafe.SizeOf<PcapPacketHeader>());

    [Fact]
    public void Packet_header_fields_are_where_C_puts_them()
    {
        byte* bytes = stackalloc byte[sizeof(PcapPacketHeader)];
        *(PcapPacketHeader*)bytes = new PcapPacketHeader(seconds: 0x11223344, fraction: 0x55667788, capturedLength: 0x99, wireLength: 0xAA);

        Assert.Equal(0x11223344, *(int*)bytes);
        Assert.Equal(0x55667788, *(int*)(bytes + Long));
        Assert.Equal(0x99u, *(uint*)(bytes + (2 * Long)));
        Assert.Equal(0xAAu, *(uint*)(bytes + (2 * Long) + 4));
    }

    [Fact]
    public void Fraction_ignores_the_padding_of_macOS()
    {
        if (Long != 8)
        {
            return;
        }

        PcapPacketHeader header = new(seconds: 1, fraction: 0, capturedLength: 0, wireLength: 0);
        ((uint*)&header)[2] = 999_999_999;
        ((uint*)&header)[3] = 0xDEADBEEF;
        Assert.Equal(1_999_999_999, header.TimestampNs(nanosecondsPerFraction: 1));
    }

    [Theory]
    [InlineData(1, 1_700_000_000_000_000_007)]
    [InlineData(1000, 1_700_000_000_000_007_000)]
    public void Timestamp_is_in_nanoseconds(int nanosecondsPerFraction, long expected) =>
        Assert.Equal(expected, new PcapPacketHeader(1_700_000_000, 7, 0, 0).TimestampNs(nanosecondsPerFraction));

    [Fact]
    public void Statistics_have_room_for_the_counters_of_Windows() => Assert.Equal(24, Unsafe.SizeOf<PcapStatistics>());

    [Fact]
    public void Other_structs_have_the_size_of_C()
    {
        Assert.Equal(8, Unsafe.SizeOf<BpfInstruction>());
        Assert.Equal(16, sizeof(BpfProgram));
        Assert.Equal(40, sizeof(PcapInterface));
        Assert.Equal(40, sizeof(PcapAddress));
        Assert.Equal(24, sizeof(ZstandardBuffer));
        Assert.Equal(72, sizeof(KafkaField));
        Assert.Equal(72, sizeof(KafkaDelivery));
        Assert.Equal(48, sizeof(KafkaMetadata));
        Assert.Equal(32, sizeof(KafkaMetadata.Topic));
        Assert.Equal(Long, Unsafe.SizeOf<CLong>());
        Assert.Equal(28, sizeof(RingRequest));
        Assert.Equal(48, sizeof(RingBlock));
        Assert.Equal(48, sizeof(RingPacket));
    }
}
