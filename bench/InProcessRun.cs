using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace FlowMeter.Bench;

/// <summary>
/// A short run in this process: seconds a class, so that a ratio can be looked at while the code is being changed. Many short iterations
/// rather than a few long ones: where another program wants the core, some of them are still left alone, and the minimum tells.
/// </summary>
internal sealed class InProcessRun : ManualConfig
{
    public InProcessRun()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(20)));
        AddColumn(StatisticColumn.Min);
    }
}
