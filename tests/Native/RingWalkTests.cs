using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed unsafe class RingWalkTests : IDisposable
{
    private const int BlockBytes = 4096;
    private const int Link = 82;
    private const uint Whole = 65_535;
    private readonly NativeBlock _block = new(BlockBytes);

    [Fact]
    public void Packets_come_in_their_order_with_lengths_and_times()
    {
        byte[][] frames = [Frame(60, 1), Frame(61, 2), Frame(90, 3)];
        Fill(frames);

        (byte[] Bytes, uint Wire, long Time)[] walked = Walk(int.MaxValue);
        Assert.Equal(frames, walked.Select(packet => packet.Bytes));
        Assert.Equal([1060u, 1061u, 1090u], walked.Select(packet => packet.Wire));
        Assert.Equal(
            [1_700_000_000_000_000_000, 1_700_000_001_000_000_001, 1_700_000_002_000_000_002], walked.Select(packet => packet.Time));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_block_may_be_taken_in_parts(int part)
    {
        byte[][] frames = [.. Enumerable.Range(0, 7).Select(i => Frame(60 + i, (byte)i))];
        Fill(frames);

        Assert.Equal(frames, Walk(part).Select(packet => packet.Bytes));
    }

    [Fact]
    public void A_block_without_packets_has_no_more()
    {
        Fill([]);
        Assert.False(new RingWalk(_block.First, isEthernet: true, Whole).HasMore);
    }

    [Theory]
    [InlineData(RingPacket.HasTag, 0x0123, 0, 0x8100)]
    [InlineData(RingPacket.HasTag | RingPacket.HasTagType, 0x0123, 0x88A8, 0x88A8)]
    [InlineData(RingPacket.HasTag, 0, 0, 0x8100)]
    [InlineData(0, 0x0123, 0, 0x8100)]
    public void A_tag_that_the_kernel_took_off_is_put_back(uint status, ushort tag, ushort type, int expected)
    {
        byte[] frame = Frame(64, 7);
        Fill([frame, frame], packet => packet with { Status = status, Tag = tag, TagType = type });

        byte[] tagged =
        [
            .. frame.AsSpan(0, 12), (byte)(expected >> 8), (byte)expected, (byte)(tag >> 8), (byte)tag, .. frame.AsSpan(12),
        ];
        Assert.All(Walk(1), packet => Assert.Equal((1068u, tagged), (packet.Wire, packet.Bytes), PairComparer));
    }

    [Fact]
    public void A_tag_counts_within_the_snap_length()
    {
        byte[] frame = Frame(64, 7);
        Fill([frame], packet => packet with { Status = RingPacket.HasTag, Tag = 5 });

        (byte[] bytes, uint wire, _) = Assert.Single(Walk(1, snapLength: 64));
        Assert.Equal([.. frame.AsSpan(0, 12), 0x81, 0, 0, 5, .. frame.AsSpan(12, 48)], bytes);
        Assert.Equal(1068u, wire);
    }

    [Theory]
    [InlineData(11, Link, true)]
    [InlineData(64, 71, true)]
    [InlineData(64, Link, false)]
    public void A_tag_is_left_out_where_there_is_no_place_for_it(int length, int link, bool isEthernet)
    {
        byte[] frame = Frame(length, 7);
        Fill([frame], packet => packet with { Status = RingPacket.HasTag, Tag = 5, LinkOffset = (ushort)link }, link);

        Assert.Equal(frame, Assert.Single(Walk(1, isEthernet: isEthernet)).Bytes);
    }

    public void Dispose() => _block.Dispose();

    private static IEqualityComparer<(uint Wire, byte[] Bytes)> PairComparer { get; } =
        EqualityComparer<(uint Wire, byte[] Bytes)>.Create(
            (left, right) => left.Wire == right.Wire && left.Bytes.AsSpan().SequenceEqual(right.Bytes), pair => (int)pair.Wire);

    private static byte[] Frame(int length, byte seed) => [.. Enumerable.Range(0, length).Select(i => (byte)(seed + i))];

    private void Fill(byte[][] frames, Func<RingPacket, RingPacket>? change = null, int link = Link)
    {
        new Span<byte>(_block.First, BlockBytes).Fill(0xEE);
        RingBlock* header = (RingBlock*)_block.First;
        *header = new RingBlock { Status = RingBlock.OfUser, Count = (uint)frames.Length, FirstOffset = 48 };
        byte* at = _block.First + header->FirstOffset;
        for (int i = 0; i < frames.Length; i++)
        {
            uint next = (uint)((link + frames[i].Length + 7) & ~7);
            RingPacket packet = new()
            {
                NextOffset = i + 1 == frames.Length ? 0 : next,
                Seconds = 1_700_000_000 + (uint)i,
                Nanoseconds = (uint)i,
                CapturedLength = (uint)frames[i].Length,
                WireLength = 1000 + (uint)frames[i].Length,
                LinkOffset = (ushort)link,
            };
            *(RingPacket*)at = change?.Invoke(packet) ?? packet;
            frames[i].CopyTo(new Span<byte>(at + link, frames[i].Length));
            at += next;
        }
    }

    private (byte[] Bytes, uint Wire, long Time)[] Walk(int part, bool isEthernet = true, uint snapLength = Whole)
    {
        const int Most = 16;
        byte** data = stackalloc byte*[Most];
        uint* captured = stackalloc uint[Most];
        uint* wire = stackalloc uint[Most];
        long* time = stackalloc long[Most];
        List<(byte[], uint, long)> walked = [];
        RingWalk walk = new(_block.First, isEthernet, snapLength);
        while (walk.HasMore)
        {
            int count = walk.Take(new PacketPointers(data, captured, wire, time), Math.Min(part, Most));
            Assert.InRange(count, 1, part);
            for (int i = 0; i < count; i++)
            {
                walked.Add((new ReadOnlySpan<byte>(data[i], (int)captured[i]).ToArray(), wire[i], time[i]));
            }
        }

        return [.. walked];
    }

    private sealed class NativeBlock(int bytes) : IDisposable
    {
        public byte* First { get; } = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)bytes, 4096);

        public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree(First);
    }
}
