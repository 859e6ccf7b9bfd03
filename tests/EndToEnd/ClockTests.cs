using System.Globalization;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Clocks that are wrong or are set (SPEC §2).</summary>
[Trait("Category", "EndToEnd")]
public sealed class ClockTests : IDisposable
{
    // The wall clock as the process sees it is an hour ahead for two seconds, then right: as if it was set back.
    private const string AheadAtFirst = """
        #define _GNU_SOURCE
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static time_t begun;
        int clock_gettime(clockid_t clock, struct timespec *time)
        {
            struct timespec monotonic;
            syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &monotonic);
            if (begun == 0)
                begun = monotonic.tv_sec;
            int result = syscall(SYS_clock_gettime, clock, time);
            if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
                time->tv_sec += monotonic.tv_sec - begun < 2 ? 3600 : 0;
            return result;
        }
        int gettimeofday(struct timeval *time, void *zone)
        {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("1")]
    [InlineData("3")]
    public void One_wrong_time_in_a_pipe_ends_no_other_flow_and_is_said(string workers)
    {
        List<Frame> frames =
            [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? Samples.Udp(1, i / 2.0) : Samples.UdpAnswer(1, i / 2.0))];
        frames.Insert(100, Samples.Udp(2, 2e9));
        Launched process = FlowMeterBinary.Start("read", "-", "-q", "--workers", workers, "--summary", _folder["s.json"]);
        foreach (Frame[] some in frames.Chunk(50))
        {
            process.Input.Write(some[0] == frames[0] ? CaptureWriter.Pcap(some) : CaptureWriter.Pcap(some)[24..]);
            process.Input.Flush();
            // Longer than a pipe has to pause for idle flows to be swept out.
            Thread.Sleep(150);
        }

        Finished finished = process.Finish().Succeeded();
        Assert.Equal(["1", "400"], finished.Table().Texts("packets").Order());
        Assert.Contains("the time of packets jumped by more than a minute: ", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Equal(1, Summary.Read(_folder["s.json"])["clock_jumps"].GetInt64());
    }

    [BinaryTheory(Need.Network | Need.Compiler)]
    [InlineData("1")]
    [InlineData("2")]
    public void A_wall_clock_that_is_set_back_costs_a_live_capture_no_packet_and_ends_no_flow(string workers)
    {
        string source = _folder.Write("clock.c", System.Text.Encoding.UTF8.GetBytes(AheadAtFirst));
        Launched.Start("cc", "-shared", "-fPIC", "-o", _folder["clock.so"], source).Finish().Succeeded();
        using VethPair wire = new();
        string[] command =
        [
            FlowMeterBinary.Path!, "capture", "-i", VethPair.Interface, "-q", "--workers", workers, "-o", _folder["flows.csv"],
            "--summary", _folder["s.json"],
        ];
        Launched process = wire.Start(["env", $"LD_PRELOAD={_folder["clock.so"]}", .. command]);
        process.Await(() => File.Exists(_folder["flows.csv"] + ".partial"), "it captured");
        // The clock is right again then: the shim leaves it ahead for two seconds.
        Thread.Sleep(3000);
        wire.Send(
            Wire.Paced(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? Samples.Udp(1, 0) : Samples.UdpAnswer(1, 0)).Captured), 50));
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);

        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(100, summary.Frames);
        Assert.Equal(0, summary["clock_jumps"].GetInt64());
        Assert.Equal(0, summary["capture"].GetProperty("packets_ignored").GetInt64());
        CsvTable table = CsvTable.ReadFile(_folder["flows.csv"]);
        Assert.Equal(["100"], table.Texts("packets"));
        Assert.Equal(["forced"], table.Texts("end_reason"));
    }

    [BinaryFact]
    public void Times_that_no_64_bits_hold_are_moved_and_said()
    {
        string capture = _folder.Write("far.pcapng", CaptureWriter.PcapNg(
            [Samples.Udp(1, 0) with { TimestampNs = long.MaxValue - 1000 }, Samples.Udp(1, 0) with { TimestampNs = long.MaxValue }]));
        Finished finished = FlowMeterBinary.Run("read", "-q", capture).Succeeded();
        Assert.Equal(["0"], finished.Table().Texts("duration_us"));
        Assert.Contains("after 2225", finished.OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_time_of_years_is_rounded_once()
    {
        long year = 31_536_000_000_001;
        Frame[] frames = [.. Enumerable.Range(0, 3).Select(i => Samples.Udp(1, 0) with { TimestampNs = i * year * 1000 })];
        string capture = _folder.WriteCapture("years.pcap", frames);
        CsvTable table = FlowMeterBinary.Run("read", "-q", capture, "--idle-timeout", "1e9", "--active-timeout", "1e9").Table();
        Assert.Equal([(2 * year).ToString(CultureInfo.InvariantCulture)], table.Texts("duration_us"));
        Assert.Equal([year.ToString(CultureInfo.InvariantCulture)], table.Texts("iat_mean_us"));
    }
}
