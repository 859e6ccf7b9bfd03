using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;

namespace FlowMeter.Bench;

/// <summary>From ended flows and their features to rows of CSV in memory, profile flowmeter without a model; a flow an operation.</summary>
[Config(typeof(InProcessRun))]
[MemoryDiagnoser]
public class RowBench : IDisposable
{
    private readonly MemoryOutput _output = new();
    private readonly FeatureBlock _features = new(Profile.All[0].Features.Count);
    private readonly CsvSink _sink;
    private readonly NaiveRows _naive;
    private EndedFlows _flows = null!;

    public RowBench()
    {
        _sink = new CsvSink(_output, Profile.All[0].Columns, _features);
        _naive = new NaiveRows(Profile.All[0].Columns, _features);
    }

    [GlobalSetup]
    public void Setup()
    {
        _flows = new EndedFlows();
        using FeatureExtractor extractor = Profile.All[0].CreateExtractor();
        extractor.Extract(_flows.Records, _features);

        Sink();
        string[] rows = Encoding.UTF8.GetString(_output.Last).Split('\n');
        string[] naive = Encoding.UTF8.GetString(_naive.Write(_flows.Records)).Split('\n');
        Twins.MustAgree(rows.Length == EndedFlows.Count + 1);
        Twins.MustAgree(rows.Length == naive.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            Twins.MustAgree(rows[i].Split(',').Zip(naive[i].Split(','), IsSame).All(same => same));
            Twins.MustAgree(rows[i].Count(letter => letter == ',') == naive[i].Count(letter => letter == ','));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _sink.Dispose();
        _features.Dispose();
        _output.Dispose();
        _flows.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does.</summary>
    [Benchmark(OperationsPerInvoke = EndedFlows.Count)]
    public void Sink()
    {
        _sink.Write(_flows.Records, scores: null);
        _sink.Flush();
    }

    /// <summary>With strings, by the library.</summary>
    [Benchmark(OperationsPerInvoke = EndedFlows.Count, Baseline = true)]
    public int Strings() => _naive.Write(_flows.Records).Length;

    /// <summary>The same text, or the same number in another spelling.</summary>
    private static bool IsSame(string ours, string library) => ours == library
        || (double.TryParse(ours, CultureInfo.InvariantCulture, out double value)
            && double.TryParse(library, CultureInfo.InvariantCulture, out double expected) && value.Equals(expected));
}
