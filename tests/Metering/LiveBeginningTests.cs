using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Metering;

/// <summary>The start of a live capture whose workers share an interface.</summary>
public sealed class LiveBeginningTests
{
    private const int Workers = 3;
    private const int Tries = 20;

    [NetworkFact]
    public void What_came_before_all_workers_shared_an_interface_is_metered_once_however_late_the_metering_begins()
    {
        using VethPair wire = new();
        using TemporaryFolder folder = new();
        // How many packets come between two handles is up to the machine; none would prove nothing.
        long ignored = 0;
        for (int attempt = 0; attempt < Tries && ignored == 0; attempt++)
        {
            string path = folder[$"{attempt}.csv"];
            ignored = MeterLate(wire, path);
            string[] sources = CsvTable.ReadFile(path).Texts("src_ip");
            Assert.Equal(sources.Distinct(), sources);
        }

        Assert.True(ignored > 0, $"no packet came while the interface was opened, in {Tries} attempts");
    }

    /// <summary>
    /// Sends packets, each of a new flow, while the interface is opened, and meters them two seconds later, as where the outputs take long
    /// to open. Returns how many were let go since another worker has them.
    /// </summary>
    private static long MeterLate(VethPair wire, string path)
    {
        using CancellationTokenSource stop = new();
        using ManualResetEventSlim sends = new();
        CaptureSettings settings = new() { Interfaces = [VethPair.Interface], HandlesPerInterface = Workers };
        bool isOpen = false;
        Thread sender = new(() =>
        {
            for (int flow = 0; !Volatile.Read(ref isOpen); flow += 10)
            {
                wire.Send(Wire.Flows(flow, 10));
                sends.Set();
            }
        });
        sender.Start();
        sends.Wait();
        using LiveCapture capture = wire.Open(() => new LiveCapture(settings, TimeProvider.System, _ => { }, stop.Token));
        Volatile.Write(ref isOpen, true);
        sender.Join();
        Thread.Sleep(2000);

        Profile profile = Profile.Find("flowmeter")!;
        MeteringOptions options = new()
        {
            Flow = new FlowOptions { Rules = profile.Rules, MaxFlows = 1 << 20, SweepFrom = long.MaxValue },
            Mode = MeteringMode.Live,
            Workers = Workers,
            ObservationPoints = Workers,
        };
        using OutputFile output = OutputFile.Open(path);
        using MeteringProcess process = new(profile, options, null, output);
        stop.CancelAfter(500);
        process.Run(capture, null);
        output.Complete();
        return capture.Losses.Sum(losses => losses.BeforeStart);
    }
}
