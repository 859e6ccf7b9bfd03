using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Features;

namespace FlowMeter.Bench;

/// <summary>From the sums of ended flows to the 39 features of profile flowmeter, for a full block; a flow an operation.</summary>
[Config(typeof(InProcessRun))]
public unsafe class FeatureBench : IDisposable
{
    private const int Flows = EndedFlows.Count;
    private const int Features = 39;

    private readonly FeatureBlock _features = new(Features);
    private readonly SizesAndGapsExtractor _extractor = new();
    private readonly double[] _rows = new double[Flows * Features];
    private EndedFlows _flows = null!;

    [GlobalSetup]
    public void Setup()
    {
        _flows = new EndedFlows();
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
        _flows.Dispose();
        _features.Dispose();
        _extractor.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does: sums laid out as columns, then vector math down the columns.</summary>
    [Benchmark(OperationsPerInvoke = Flows)]
    public void Extractor() => _extractor.Extract(_flows.Records, _features);

    /// <summary>The same formulas, bit for bit the same values, into a row a flow.</summary>
    [Benchmark(OperationsPerInvoke = Flows, Baseline = true)]
    public void FlowByFlow()
    {
        fixed (double* rows = _rows)
        {
            for (int i = 0; i < Flows; i++)
            {
                ScalarFeatures.Write(_flows.Records, i, isExact: true, rows + (i * Features));
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
                ScalarFeatures.Write(_flows.Records, i, isExact: false, rows + (i * Features));
            }
        }
    }
}
