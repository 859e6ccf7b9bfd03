using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>From the sums of ended flows to the 39 features of profile flowmeter, for a full block; a flow an operation.</summary>
[Config(typeof(InProcessRun))]
public unsafe class FeatureBench : IDisposable
{
    private const int Flows = FlowRecordBlock.Capacity;
    private const int Features = 39;

    private readonly LastBlock _block = new();
    private readonly FeatureBlock _features = new(Features);
    private readonly SizesAndGapsExtractor _extractor = new();
    private readonly double[] _rows = new double[Flows * Features];

    [GlobalSetup]
    public void Setup()
    {
        using BenchCapture capture = new(new TrafficOptions { Packets = 40 * Flows, ConcurrentFlows = Flows, Imix = true });
        using SavefileSource source = capture.Open();
        using PacketBatch batch = new();
        FlowHash hash = new();
        using FragmentTable fragments = new(hash);
        using FlowWorker worker = Profile.All[0].CreateWorker(new FlowWorkerParts
        {
            Options = new FlowOptions(),
            Hash = hash,
            Fragments = fragments,
            Consumer = _block,
            FirstBlock = new FlowRecordBlock(),
        });
        while (source.TryFill(batch))
        {
            worker.Process(batch);
        }

        worker.Finish(worker.Clock.Now);
        Twins.MustAgree(_block.Records.IsFull);

        Extractor();
        FlowByFlow();
        for (int i = 0; i < Flows * Features; i++)
        {
            Twins.MustAgree(_rows[i].Equals(_features.Column(i % Features)[i / Features]));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _block.Records.Dispose();
        _features.Dispose();
        _extractor.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does: sums laid out as columns, then vector math down the columns.</summary>
    [Benchmark(OperationsPerInvoke = Flows)]
    public void Extractor() => _extractor.Extract(_block.Records, _features);

    /// <summary>The same formulas, bit for bit the same values, into a row a flow.</summary>
    [Benchmark(OperationsPerInvoke = Flows, Baseline = true)]
    public void FlowByFlow()
    {
        fixed (double* rows = _rows)
        {
            for (int i = 0; i < Flows; i++)
            {
                ScalarFeatures.Write(_block.Records, i, isExact: true, rows + (i * Features));
            }
        }
    }

    /// <summary>The same again, but with deviations from sums in doubles: what exactness costs, for these have lost digits.</summary>
    [Benchmark(OperationsPerInvoke = Flows)]
    public void FlowByFlowInDoubles()
    {
        fixed (double* rows = _rows)
        {
            for (int i = 0; i < Flows; i++)
            {
                ScalarFeatures.Write(_block.Records, i, isExact: false, rows + (i * Features));
            }
        }
    }

    /// <summary>Keeps what the worker hands over; the capture has one block of flows.</summary>
    private sealed class LastBlock : IFlowConsumer
    {
        public FlowRecordBlock Records { get; private set; } = null!;

        public FlowRecordBlock Exchange(FlowRecordBlock full)
        {
            Records = full;
            return new FlowRecordBlock();
        }

        public void LeaveOut(Engine.Flow.FlowHeader* header, int waiting)
        {
        }

        public void EndOfPackets()
        {
        }
    }
}
