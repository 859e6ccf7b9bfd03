using System.Collections.Immutable;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Numerics;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Bench;

/// <summary>One block of 512 flows with 39 features through the scorer; the mean is the time of one flow.</summary>
[Config(typeof(PerFlow))]
public unsafe class ScoringBench : IDisposable
{
    private const int Features = 39;
    private const int Bins = 32;

    private readonly double[] _probability = new double[FeatureBlock.Capacity];
    private FeatureBlock _block = null!;
    private Model _model = null!;
    private Scorer _scorer = null!;

    /// <summary>The transform of all 39 features.</summary>
    [Params(Transform.Identity, Transform.Log1P, Transform.Bins)]
    public Transform Transform { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        string[] names = [.. Enumerable.Range(0, Features).Select(i => $"feature_{i}")];
        _block = new FeatureBlock(Features) { Count = FeatureBlock.Capacity };
        for (int i = 0; i < Features * FeatureBlock.Stride; i++)
        {
            _block.Column(0)[i] = Math.Exp(random.NextDouble() * 10);
        }

        _model =
            new Model { Name = "bench", Profile = "bench", Intercept = 0.1, Features = [.. names.Select(name => Feature(name, random))] };
        _scorer = new Scorer(_model, names);
        Check();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _block.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// What a straightforward loop over flows and features costs, with the library's functions and a walk over the edges.
    /// </summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = FeatureBlock.Capacity)]
    public void Naive()
    {
        for (int flow = 0; flow < _block.Count; flow++)
        {
            double z = _model.Intercept;
            for (int f = 0; f < Features; f++)
            {
                ModelFeature feature = _model.Features[f];
                double x = _block.Column(f)[flow];
                z += feature.Transform switch
                {
                    Transform.Identity => feature.Weight * (x - feature.Centre) / feature.Scale,
                    Transform.Log1P => feature.Weight * (Math.Log(1 + x) - feature.Centre) / feature.Scale,
                    _ => feature.Weights[Bin(feature.Edges, x)],
                };
            }

            _probability[flow] = 1 / (1 + Math.Exp(-z));
        }
    }

    /// <summary>Our kernels at the width of this process.</summary>
    [Benchmark(OperationsPerInvoke = FeatureBlock.Capacity)]
    public void Scorer() => _scorer.Score(_block, _probability);

    /// <summary>Our kernels at one lane.</summary>
    [Benchmark(OperationsPerInvoke = FeatureBlock.Capacity)]
    public void OneLane() => AtWidth<Lanes1>();

    /// <summary>Our kernels at two lanes.</summary>
    [Benchmark(OperationsPerInvoke = FeatureBlock.Capacity)]
    public void TwoLanes() => AtWidth<Lanes2>();

    /// <summary>Our kernels at four lanes.</summary>
    [Benchmark(OperationsPerInvoke = FeatureBlock.Capacity)]
    public void FourLanes() => AtWidth<Lanes4>();

    /// <summary>Our kernels at eight lanes; emulated, and slow, where `Scorer.Width` is less.</summary>
    [Benchmark(OperationsPerInvoke = FeatureBlock.Capacity)]
    public void EightLanes() => AtWidth<Lanes8>();

    private static int Bin(ImmutableArray<double> edges, double x)
    {
        int bin = 0;
        while (bin < edges.Length && edges[bin] <= x)
        {
            bin++;
        }

        return bin;
    }

    /// <summary>All widths have the same bits; the loop, which divides and adds in another order, nearly the same value.</summary>
    private void Check()
    {
        Naive();
        double[] naive = [.. _probability];
        Scorer();
        double[] scored = [.. _probability];
        for (int i = 0; i < _block.Count; i++)
        {
            Twins.MustAgree(Math.Abs(naive[i] - scored[i]) <= 1e-9);
        }

        foreach (Action atWidth in (Action[])[OneLane, TwoLanes, FourLanes, EightLanes])
        {
            Array.Clear(_probability);
            atWidth();
            Twins.MustAgree(scored.AsSpan().SequenceEqual(_probability));
        }
    }

    private void AtWidth<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        fixed (double* z = _probability)
        {
            _scorer.Score<TLanes>(_block.Column(0), FeatureBlock.Stride, _block.Count, z);
        }
    }

    private ModelFeature Feature(string name, Random random) => Transform switch
    {
        Transform.Identity => ModelFeature.Identity(name, 100 * random.NextDouble(), 1000, random.NextDouble() - 0.5),
        Transform.Log1P => ModelFeature.Log1P(name, 5, 2, random.NextDouble() - 0.5),
        _ => ModelFeature.Bins(
            name,
            [.. Enumerable.Range(1, Bins - 1).Select(e => Math.Exp(10.0 * e / Bins))],
            [.. Enumerable.Range(0, Bins).Select(_ => random.NextDouble() - 0.5)]),
    };

    private sealed class PerFlow : ManualConfig
    {
        public PerFlow()
        {
            AddJob(Job.ShortRun);
            AddColumn(StatisticColumn.Min, new FlowsColumn());
        }
    }

    private sealed class FlowsColumn : IColumn
    {
        public string Id => nameof(FlowsColumn);

        public string ColumnName => "M flows/s";

        public string Legend => "million flows scored a second on one core: 1000 / min in ns";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
            summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? (1000 / statistics.Min).ToString("F1", CultureInfo.InvariantCulture)
                : "-";
    }
}
