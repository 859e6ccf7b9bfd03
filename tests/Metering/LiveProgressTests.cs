using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// The engine on an interface of the test's own. Alone, since the runtime counts the allocations of all threads together.
/// </summary>
[Collection(nameof(AllocationTests))]
public sealed class LiveProgressTests
{
    private const int Packets = 50_000;

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

        // Timers, signals and the sender have some; an object for each packet would be 24 bytes each.
        Assert.InRange(least, 0, Packets);
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
            MeteringOptions options = new()
            {
                Flow = new FlowOptions { Rules = profile.Rules, MaxFlows = 2000, SweepFrom = long.MaxValue },
                Mode = MeteringMode.Live,
                Workers = workers,
            };
            _process = new MeteringProcess(profile, options, null, _output);
            _run = Task.Factory.StartNew(
                () => _process.Run(Capture, null), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public LiveCapture Capture { get; }

        /// <summary>Sends packets, each of a new flow, and waits until they have been taken.</summary>
        public void Send(int packets)
        {
            _wire.Send(Wire.Flows(_sent, packets));
            _sent += packets;
            Await(() => Taken + Capture.Losses[0].Kernel >= _sent);
        }

        public void AwaitClosed() => Await(() => !Capture.Sources[0].IsOpen);

        /// <summary>Asked without allocating anything.</summary>
        private long Taken
        {
            get
            {
                long taken = 0;
                for (int worker = 0; worker < _process.Totals.Workers; worker++)
                {
                    taken += _process.Totals.FramesOf(worker).Frames;
                }

                return taken;
            }
        }

        private void Await(Func<bool> condition)
        {
            long began = Environment.TickCount64;
            while (!condition())
            {
                Thread.Sleep(20);
                if (_run.IsCompleted || Environment.TickCount64 - began > 60_000)
                {
                    Assert.Fail($"{Taken} of {_sent} came, {Capture.Losses[0].Kernel} were dropped");
                }
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
