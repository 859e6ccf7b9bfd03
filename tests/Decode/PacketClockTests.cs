using FlowMeter.Engine.Decode;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Decode;

/// <summary>SPEC §2: the clock is packet time, but believes no single time stamp.</summary>
public sealed class PacketClockTests
{
    private const long Second = 1_000_000_000;
    private const long Patience = 130 * Second;

    private readonly PacketClock _clock = new(Patience);

    [Fact]
    public void One_wrong_time_moves_nothing()
    {
        Take(1, 2, 4_000_000_000, 3, -4_000_000_000, 4);

        Assert.Equal((4 * Second, 4 * Second, 2), (_clock.Now, _clock.Sweep, _clock.Jumps));
    }

    [Fact]
    public void Three_that_agree_move_it()
    {
        Take(1, 1000, 1002);
        Assert.Equal(1 * Second, _clock.Now);

        Take(1001);
        Assert.Equal((1000 * Second, 0), (_clock.Now, _clock.Jumps));

        Take(1, 3, 2);
        Assert.Equal((3 * Second, 1), (_clock.Now, _clock.Jumps));
    }

    [Fact]
    public void After_a_jump_ahead_the_sweep_waits()
    {
        Take(1, 1000, 1000, 1000);
        Assert.Equal(1 * Second, _clock.Sweep);

        Take(1050, 1100, 1129);
        Assert.Equal(1 * Second, _clock.Sweep);

        Take(1130);
        Assert.Equal(1130 * Second, _clock.Sweep);
    }

    [Fact]
    public void A_clock_put_right_sweeps_as_before()
    {
        Take(1, 1000, 1000, 1000, 2, 3, 4);
        Assert.Equal((4 * Second, 4 * Second), (_clock.Now, _clock.Sweep));

        Take(5);
        Assert.Equal(5 * Second, _clock.Sweep);
    }

    [Fact]
    public void One_behind_holds_the_sweep_back_at_once()
    {
        Take(1000, 5);
        Assert.Equal((1000 * Second, 5 * Second), (_clock.Now, _clock.Sweep));

        Take(1001);
        Assert.Equal(1001 * Second, _clock.Sweep);
    }

    [Fact]
    public void Without_packets_the_monotonic_clock_moves_it()
    {
        _clock.Pass(70 * Second, isIdle: true);
        Assert.Equal(PacketClock.None, _clock.Now);

        Take(1000);
        _clock.Pass(71 * Second, isIdle: false);
        _clock.Pass(171 * Second, isIdle: true);
        Assert.Equal(1100 * Second, _clock.Now);
        _clock.Pass(172 * Second, isIdle: true);
        Assert.Equal((1101 * Second, 1101 * Second, 0), (_clock.Now, _clock.Sweep, _clock.Jumps));
    }

    [Fact]
    public void Beside_a_monotonic_clock_it_goes_back_by_less_than_a_minute_too()
    {
        Take(1000);
        _clock.Pass(70 * Second, isIdle: false);
        Take(990);
        Assert.Equal((1000 * Second, 990 * Second), (_clock.Now, _clock.Sweep));

        Take(991, 992);
        _clock.Pass(73 * Second, isIdle: false);
        _clock.Pass(74 * Second, isIdle: true);
        Assert.Equal((993 * Second, 993 * Second, 1), (_clock.Now, _clock.Sweep, _clock.Jumps));
    }

    [Fact]
    public void Many_at_once_move_it_as_one_by_one()
    {
        Random random = new(2);
        for (int round = 0; round < 300; round++)
        {
            PacketClock single = new(Patience);
            PacketClock window = new(Patience);
            ReferenceClock reference = new();
            long time = random.NextInt64(1L << 60);
            for (int part = 0; part < 40; part++)
            {
                long[] times = new long[random.Next(20)];
                for (int i = 0; i < times.Length; i++)
                {
                    time += random.Next(30) == 0 ? random.NextInt64(-300 * Second, 300 * Second) : random.NextInt64(2 * Second);
                    times[i] = time + (random.Next(10) == 0 ? random.NextInt64(-90 * Second, 90 * Second) : 0);
                    single.Take(times[i]);
                    reference.Take(times[i]);
                }

                Assert.True(window.Take(times) <= window.Sweep);
                Assert.Equal((single.Now, single.Sweep, single.Jumps), (window.Now, window.Sweep, window.Jumps));
                Assert.Equal((reference.NowNs, reference.Jumps), (window.Now, window.Jumps));
            }
        }
    }

    private void Take(params ReadOnlySpan<long> seconds)
    {
        foreach (long second in seconds)
        {
            _clock.Take(second * Second);
        }
    }
}
