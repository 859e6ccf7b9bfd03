using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Output;
using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Tests.Export;

/// <summary>Rows of a quiet stream are written although nothing follows them.</summary>
public sealed class ExporterTests
{
    private readonly FlowLayout _layout = Profile.All[0].CreateLayout(new FlowOptions(), isShared: false, isJudged: false);

    [Fact]
    public void What_waits_for_others_is_written_when_none_come()
    {
        CountingSink sink = new();
        using Exporter exporter = Start(sink, new FlushPace(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        exporter.Exchange(new FlowRecordBlock(_layout));
        Assert.True(SpinWait.SpinUntil(() => sink.Flushes > 0, TimeSpan.FromMinutes(1)));
        Assert.Equal(1, sink.Blocks);
    }

    [Fact]
    public void Blocks_are_gathered_as_long_as_the_first_may_wait()
    {
        CountingSink sink = new();
        SetClock clock = new("2026-01-02T03:04:05");
        using Exporter exporter = Start(sink, new FlushPace(TimeSpan.FromHours(1), clock));
        for (int i = 1; i <= 3; i++)
        {
            exporter.Exchange(new FlowRecordBlock(_layout));
            Assert.True(SpinWait.SpinUntil(() => sink.Blocks == i && exporter.Waiting == 0, TimeSpan.FromMinutes(1)));
        }

        Assert.Equal(0, sink.Flushes);
        clock.Advance(TimeSpan.FromHours(1));
        exporter.Exchange(new FlowRecordBlock(_layout));
        Assert.True(SpinWait.SpinUntil(() => sink.Flushes > 0, TimeSpan.FromMinutes(1)));
        Assert.Equal(4, sink.Blocks);
    }

    /// <summary>A worker that is ahead waits instead of writing rows that nobody would flush.</summary>
    [Fact]
    public void A_worker_that_is_ahead_waits_for_its_exporter()
    {
        CountingSink sink = new();
        CountingSink workers = new();
        using Exporter exporter = Start(sink, new FlushPace(TimeSpan.FromHours(1), new SetClock("2026-01-02T03:04:05")), workers);
        for (int i = 0; i < 2000; i++)
        {
            exporter.Exchange(new FlowRecordBlock(_layout));
        }

        exporter.Complete();
        Assert.Equal(2000, sink.Blocks);
        Assert.Equal(0, workers.Blocks);
    }

    private Exporter Start(CountingSink sink, FlushPace pace, CountingSink? workers = null)
    {
        Profile profile = Profile.All[0];
        Exporter exporter = new(
            new DefaultObjectPool<FlowRecordBlock>(new FlowRecordBlockPolicy(_layout), 64), new ExportPipeline(profile, null, _ => sink),
            new ExportPipeline(profile, null, _ => workers ?? new CountingSink()), pace, isLive: false, Exporter.MaxWaitingLive, number: 0);
        exporter.Start();
        return exporter;
    }

    private sealed class CountingSink : IFlowSink
    {
        private int _blocks;
        private int _flushes;

        public int Blocks => Volatile.Read(ref _blocks);

        public int Flushes => Volatile.Read(ref _flushes);

        public void Write(FlowRecordBlock records, BlockScorer? scores) => Interlocked.Increment(ref _blocks);

        public void Flush() => Interlocked.Increment(ref _flushes);

        public void Dispose()
        {
        }
    }
}
