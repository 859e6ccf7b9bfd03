using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Metering;

/// <summary>The engine on an interface of the test's own. Alone, since the runtime counts the allocations of all threads together.</summary>
[Collection(nameof(AllocationTests))]
public sealed class LiveProgressTests
{
    private const int Packets = 200_000;

    [NetworkFact]
    public void A_packet_of_a_live_capture_allocates_nothing()
    {
        using VethPair wire = new();
        using LiveRun run = new(wire, workers: 1);
        run.Send(Packets);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run.Send(Packets);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // Timers, signals and the sender have some; one byte a packet would be five times as much.
        Assert.InRange(least, 0, Packets / 5);
    }

    [NetworkTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_interface_that_is_gone_does_not_make_its_workers_stuck(int workers)
    {
        TimeSpan limit = TimeSpan.FromMilliseconds(400);
        using VethPair wire = new();
        using LiveRun run = new(wire, workers);
        run.Send(1000);
        wire.Disconnect();
        run.AwaitClosed();
        Thread.Sleep(2 * limit);
        Assert.All(run.Capture.Progress, worker => Assert.False(worker.IsStuck(limit)));
        Assert.Equal(workers, run.Capture.Progress.Count);
        Assert.All(run.Capture.Progress, worker => Assert.True(worker.Latency.Sum > 0 || workers > 1));
    }

    /// <summary>A capture that meters until it is disposed of.</summary>
    private sealed class LiveRun : IDisposable
    {
        private readonly VethPair _wire;
        private readonly CancellationTokenSource _stop = new();
        private readonly OutputFile _output = OutputFile.Open("/dev/null");
        private readonly MeteringProcess _process;
        private readonly Task _run;
        private int _sent;

        public LiveRun(VethPair wire, int workers)
        {
            _wire = wire;
            CaptureSettings settings = new() { Interfaces = [VethPair.Interface], WorkersPerHandle = workers };
            Capture = wire.Open(() => new LiveCapture(settings, TimeProvider.System, _ => { }, _stop.Token));
            Profile profile = Profile.Find("flowmeter")!;
            _process = new MeteringProcess(profile, new MeteringOptions { Rules = profile.Rules, MaximumFlows = 2000, Workers = workers, IsTimely = true, IsLive = true, SweepFrom = long.MaxValue }, null, _output);
            _run = Task.Factory.StartNew(() => _process.Run(Capture, null), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public LiveCapture Capture { get; }

        /// <summary>Sends packets, each of a new flow, and waits until they have been taken.</summary>
        public void Send(int packets)
        {
            _wire.Send(Wire.Flows(_sent, packets));
            _sent += packets;
            while (_process.Totals.Frames.Frames + Capture.Losses[0].Kernel < _sent)
            {
                Thread.Sleep(20);
                Assert.False(_run.IsCompleted);
            }
        }

        public void AwaitClosed()
        {
            while (Capture.Sources[0].IsOpen)
            {
                Thread.Sleep(20);
                Assert.False(_run.IsCompleted);
            }
        }

        public void Dispose()
        {
            _stop.Cancel();
            _run.GetAwaiter().GetResult();
            _process.Dispose();
            _output.Dispose();
            Capture.Dispose();
            _stop.Dispose();
        }
    }
}
