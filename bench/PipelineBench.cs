using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>The whole path from the bytes of a capture to features, without output; a packet an operation.</summary>
[Config(typeof(InProcessRun))]
[MemoryDiagnoser]
public class PipelineBench : IDisposable
{
    private const int Packets = 1 << 21;
    private const int Features = 39;

    private BenchCapture _capture = null!;
    private SavefileSource? _source;
    private MeteringProcess? _process;

    [Params(10_000, 100_000)]
    public int Flows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _capture = new BenchCapture(new TrafficOptions { Packets = Packets, ConcurrentFlows = Flows });
        Prepare(workers: 2);
        Twins.MustAgree(Workers() == Naive());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        Clear();
        _capture.Dispose();
        GC.SuppressFinalize(this);
    }

    [IterationSetup(Targets = [nameof(OneWorker), nameof(Naive)])]
    public void PrepareOne() => Prepare(workers: 1);

    [IterationSetup(Target = nameof(TwoWorkers))]
    public void PrepareTwo() => Prepare(workers: 2);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long OneWorker() => Workers();

    [Benchmark(OperationsPerInvoke = Packets)]
    public long TwoWorkers() => Workers();

    /// <summary>
    /// The naive reader, decoder, dictionary and flows together: what a first version of a meter comes to, without timeouts, fragments and
    /// tunnels.
    /// </summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public long Naive()
    {
        Dictionary<NaiveKey, NaiveFlow> flows = [];
        NaiveReader reader = new(_capture.Span);
        while (reader.TryRead())
        {
            if (NaiveDecoder.TryDecode(reader.Frame, out NaiveKey key, out bool fromB, out _))
            {
                if (!flows.TryGetValue(key, out NaiveFlow? flow))
                {
                    flow = new NaiveFlow(reader.Time, fromB);
                    flows.Add(key, flow);
                }

                flow.Add(reader.Time, reader.WireLength, fromB);
            }
        }

        long packets = 0;
        Span<double> features = stackalloc double[Features];
        foreach (NaiveFlow flow in flows.Values)
        {
            flow.Write(features);
            packets += flow.Packets;
        }

        return packets;
    }

    private long Workers()
    {
        _process!.Run(_source!, CancellationToken.None);
        return _process.Totals.Frames[Engine.Decode.DecodeResult.Metered];
    }

    /// <summary>A process runs once. That the table's pages are new each time is part of a run.</summary>
    private void Prepare(int workers)
    {
        Clear();
        _source = _capture.Open();
        _process = new MeteringProcess(Profile.All[0], new MeteringOptions { Workers = workers }, model: null, output: null);
    }

    private void Clear()
    {
        _process?.Dispose();
        _source?.Dispose();
        _process = null;
    }
}
