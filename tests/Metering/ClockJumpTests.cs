using FlowMeter.Engine.Decode;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// Wrong clocks: a flow holds what its own packets say (SPEC §2), swept as soon as possible or never, at any number of workers.
/// </summary>
public sealed class ClockJumpTests
{
    private const double Hour = 3600;

    public static TheoryData<int, int, string> Variations => new()
    {
        // Workers, bytes per read, profile.
        { 1, int.MaxValue, "flowmeter" },
        { 1, 300, "flowmeter" },
        { 2, 2_000, "flowmeter" },
        { 3, int.MaxValue, "flowmeter" },
        { 7, 5_000, "flowmeter" },
        { 1, int.MaxValue, "extended" },
        { 1, int.MaxValue, "full" },
        { 3, 20_000, "full" },
    };

    [Theory, MemberData(nameof(Variations))]
    public void One_wrong_time_ends_no_other_flow(int workers, int bytesPerRead, string profile)
    {
        foreach (double wrong in new[] { 2e9, 200, -300, -1.6e9 })
        {
            List<Frame> frames = [.. Enumerable.Range(0, 400).Select(i => Packet(i / 2.0, conversation: 1, isBack: i % 2 == 1))];
            frames.Insert(100, Packet(50 + wrong, conversation: 2));
            EngineResult result = Swept(workers, bytesPerRead, profile).Run(CaptureWriter.Pcap(frames));

            Assert.Equal(["1", "400"], result.Table.Texts("packets").Order());
            Assert.Equal(1, result.Totals!.ClockJumps);
            Assert.Equal(["forced", wrong > 0 ? "forced" : "idle"], result.Table.Texts("end_reason").Order());
        }
    }

    [Theory, MemberData(nameof(Variations))]
    public void Jumps_forward_and_back_leave_all_rows_as_they_are(int workers, int bytesPerRead, string profile)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(Jumping(new Random(seed)));
            EngineResult whole = new EngineMeter { Profile = profile, SweepFrom = long.MaxValue }.Run(capture);
            EngineResult swept = Swept(workers, bytesPerRead, profile).Run(capture);

            Assert.True(whole.Totals!.ClockJumps > 5);
            Assert.True(whole.SortedRows.SequenceEqual(swept.SortedRows), $"seed {seed}: "
                + $"{string.Join(" / ", whole.SortedRows.Except(swept.SortedRows).Take(2))} but "
                + $"{string.Join(" / ", swept.SortedRows.Except(whole.SortedRows).Take(2))}");
            Assert.Equal(whole.Totals.ClockJumps, swept.Totals!.ClockJumps);
        }
    }

    [Fact]
    public void A_clock_from_before_it_fell_back_sweeps_nothing()
    {
        // Reads of two windows: one of true times, one an hour back; and then the flow of the second goes on.
        Frame[] frames =
        [
            .. Enumerable.Range(0, 64).Select(i => Packet(i, conversation: 1)),
            .. Enumerable.Range(64, 128).Select(i => Packet(i - Hour, conversation: 2)),
        ];
        int ofRead = 128 * (16 + frames[0].Captured.Length);
        EngineResult result = Swept(1, ofRead, "flowmeter").Run(CaptureWriter.Pcap(frames));

        Assert.Equal(["128", "64"], result.Table.Texts("packets").Order());
    }

    private static EngineMeter Swept(int workers, int bytesPerRead, string profile) =>
        new() { Profile = profile, Workers = workers, BytesPerRead = bytesPerRead, SweepFrom = 0 };

    /// <summary>
    /// A true clock with gaps, and a stated one that leaves it for one packet, a few, or a minute, forward or back, and is put right, as it
    /// is at the end. Twelve conversations go on all the time; others are short, and while the clock is back none goes on that has been
    /// silent for longer than a flow waits.
    /// </summary>
    private static List<Frame> Jumping(Random random)
    {
        List<Frame> frames = [];
        double now = 0;
        bool isTrue = true;
        for (int brief = 100; frames.Count < 4000; brief += 2, isTrue = !isTrue)
        {
            double offset = isTrue || frames.Count > 3500 ? 0 : Hour * random.Next(1, 50) * (random.Next(2) == 0 ? 1 : -1);
            int packets = offset == 0 ? random.Next(PacketClock.Agreement, 400)
                : random.Next(4) == 0 ? random.Next(1, 120)
                : random.Next(1, 5);
            for (int i = 0; i < packets; i++)
            {
                now += random.NextDouble();
                frames.Add(
                    Packet(now + offset, random.Next(4) == 0 ? brief + random.Next(2) : random.Next(12), isBack: random.Next(2) == 0));
            }

            now += offset == 0 && random.Next(10) == 0 ? 200 : 0;
        }

        return frames;
    }

    private static Frame Packet(double second, int conversation, bool isBack = false)
    {
        string host = $"10.0.{conversation / 200}.{1 + (conversation % 200)}";
        (string from, string to) = isBack ? ("192.0.2.1", host) : (host, "192.0.2.1");
        return Samples.Ethernet(second, IPv4(from, to, UdpProtocol, isBack ? Udp(53, 3000) : Udp(3000, 53)));
    }
}
