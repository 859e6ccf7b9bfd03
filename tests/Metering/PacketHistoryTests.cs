using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// Histories of profile <c>appflow</c>: packets that fit a word and packets that do not, at all places of a flow's memory.
/// </summary>
public sealed class PacketHistoryTests
{
    private const long Second = 1_000_000_000;
    private const long StartNs = 1_650_000_000_000_000_000;

    [Fact]
    public void Packets_of_all_lengths_and_times_give_the_references_rows() => Parallel.For(0, 60, seed =>
    {
        Random random = new(seed);
        int most = random.Next(1, 120);
        List<Frame> frames = [.. Enumerable.Range(0, most).Select(i => Packet(random, i, isLong: random.Next(1 + (seed % 7)) == 0))];

        EngineResult actual = new EngineMeter { Profile = "appflow" }.Run(CaptureWriter.Pcap(frames));

        Assert.Null(ReferenceTables.FirstDifference(actual.Table, "appflow", frames));
    });

    [Theory]
    [InlineData(0, 65_534u, true)]
    [InlineData(0, 65_535u, false)]
    [InlineData(0, uint.MaxValue, false)]
    [InlineData(-1, 60u, false)]
    [InlineData(140_737_488_355_327, 65_534u, true)]
    [InlineData(140_737_488_355_328, 60u, false)]
    public void A_word_has_47_bits_of_time_and_16_of_length(long time, uint length, bool fits)
    {
        Assert.Equal(fits, HistoryWord.Fits(time, length));
        for (byte fromB = 0; fits && fromB < 2; fromB++)
        {
            ulong word = HistoryWord.Of(time, length, fromB);
            Assert.Equal(
                (time, length, (int)fromB), (HistoryWord.TimeOf(word), HistoryWord.LengthOf(word), HistoryWord.SenderOf(word)));
            Assert.False(HistoryWord.IsLong(word));
            Assert.NotEqual(HistoryWord.Rest, word);
        }
    }

    [Fact]
    public void What_says_that_more_follows_is_no_packet()
    {
        Assert.True(HistoryWord.IsLong(HistoryWord.OfLong(0)));
        Assert.True(HistoryWord.IsLong(HistoryWord.OfLong(1)));
        Assert.False(HistoryWord.IsLong(HistoryWord.Rest));
        Assert.Equal(1, HistoryWord.SenderOf(HistoryWord.OfLong(1)));
    }

    /// <summary>Later ones before the first, or of 64 kB and more, which a capture without its end has.</summary>
    private static Frame Packet(Random random, int number, bool isLong)
    {
        bool isEarly = isLong && random.Next(2) == 0;
        uint cut = isLong && !isEarly ? (uint)random.Next(65_400, 300_000) : (uint)random.Next(1400);
        long time = StartNs + (isEarly ? -random.NextInt64(9 * Second) : number * 1_000_003L);
        bool fromServer = random.Next(3) == 0;
        byte[] segment = fromServer ? Udp(4000, 5000) : Udp(5000, 4000);
        byte[] packet = fromServer
            ? IP("192.0.2.1", "10.0.0.1", UdpProtocol, segment)
            : IP("10.0.0.1", "192.0.2.1", UdpProtocol, segment);
        Frame frame = Frame.Whole(1, time, EthernetIP(packet));
        return frame with { OriginalLength = (uint)frame.Captured.Length + cut };
    }
}
