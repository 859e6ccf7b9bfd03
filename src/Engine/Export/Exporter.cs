using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Export;

/// <summary>
/// The exporting process of one worker, on a thread of its own: blocks of ended flows become features, judgements and rows. A few blocks are in circulation; when all wait to be written, the
/// worker waits too, so nothing is lost.
/// </summary>
internal sealed class Exporter : IFlowConsumer, IDisposable
{
    private const int Blocks = 8;

    private readonly ObjectPool<FlowRecords> _pool;
    private readonly SemaphoreSlim _free = new(Blocks - 1);
    private readonly BlockQueue _queue = new(Blocks);
    private readonly FeatureExtractor _extractor;
    private readonly FeatureBlock _features;
    private readonly Judgements? _judgements;
    private readonly IFlowSink _sink;
    private readonly Thread _thread;
    private volatile ExceptionDispatchInfo? _failure;

    public Exporter(Profile profile, ObjectPool<FlowRecords> pool, Judgements? judgements, IFlowSink sink, int number)
    {
        _pool = pool;
        _extractor = profile.CreateExtractor();
        _features = new FeatureBlock(profile.Features.Count);
        _judgements = judgements;
        _sink = sink;
        _thread = new Thread(Run) { Name = $"export {number}", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    /// <exception cref="OutputException">The sink failed; the flows of this block and of those still queued are lost.</exception>
    public FlowRecords Exchange(FlowRecords full)
    {
        _queue.Put(full);
        _free.Wait();
        _failure?.Throw();
        return _pool.Get();
    }

    /// <summary>Waits until everything is written.</summary>
    /// <exception cref="OutputException">It could not be.</exception>
    public void Complete()
    {
        _queue.Complete();
        _thread.Join();
        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Complete();
        _thread.Join();
        _free.Dispose();
        _extractor.Dispose();
        _features.Dispose();
        _sink.Dispose();
    }

    private void Run()
    {
        while (_queue.Take() is { } records)
        {
            Guard(records);
            records.Count = 0;
            _pool.Return(records);
            _free.Release();
        }

        Guard(null);
    }

    /// <summary>Exports a block, or what the sink still holds back.</summary>
    private void Export(FlowRecords? records)
    {
        if (records == null)
        {
            _sink.Flush();
            return;
        }

        _extractor.Extract(records, _features);
        _judgements?.Judge(records, _features);
        _sink.Write(records, _features, _judgements);
    }

    /// <summary>After a failure the rest is taken and dropped, so that the worker never waits in vain; it sees the failure at its next block.</summary>
    private void Guard(FlowRecords? records)
    {
        if (_failure == null)
        {
            try
            {
                Export(records);
            }
            catch (OutputException e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
