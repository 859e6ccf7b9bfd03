using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Flow;
using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Export;

/// <summary>
/// The exporting process of one worker. Blocks of ended flows are exported by a thread of its own; when some blocks wait already, the worker exports the next one itself instead of
/// waiting, so that both cores write when there is nothing left to meter. Nothing is ever lost, and memory is bounded by the blocks that may wait.
/// </summary>
internal sealed class Exporter : IFlowConsumer, IDisposable
{
    private const int MostWaiting = 32;

    private readonly ObjectPool<FlowRecords> _pool;
    private readonly ExportLane _lane;
    private readonly ExportLane _workersLane;
    private readonly BlockQueue _queue = new(MostWaiting);
    private readonly Thread _thread;
    private int _waiting;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Starts the thread. The exporter owns the two lanes, which write to the same output.</summary>
    public Exporter(ObjectPool<FlowRecords> pool, ExportLane lane, ExportLane workersLane, int number)
    {
        _pool = pool;
        _lane = lane;
        _workersLane = workersLane;
        _thread = new Thread(Run) { Name = $"export {number}", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    /// <exception cref="OutputException">The sink failed; flows that were not written yet are lost.</exception>
    public FlowRecords Exchange(FlowRecords full)
    {
        _failure?.Throw();
        if (Volatile.Read(ref _waiting) >= MostWaiting)
        {
            _workersLane.Export(full);
            return full;
        }

        Interlocked.Increment(ref _waiting);
        _queue.Put(full);
        return _pool.Get();
    }

    /// <summary>Waits until everything is written.</summary>
    /// <exception cref="OutputException">It could not be.</exception>
    public void Complete()
    {
        _queue.Complete();
        _workersLane.Flush();
        _thread.Join();
        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Complete();
        _thread.Join();
        _lane.Dispose();
        _workersLane.Dispose();
    }

    private void Run()
    {
        while (_queue.Take() is { } records)
        {
            Guard(records);
            records.Count = 0;
            _pool.Return(records);
            Interlocked.Decrement(ref _waiting);
        }

        Guard(null);
    }

    /// <summary>Exports a block, or flushes. After a failure blocks are taken and dropped; the worker sees the failure at its next one.</summary>
    private void Guard(FlowRecords? records)
    {
        if (_failure != null)
        {
            return;
        }

        try
        {
            if (records == null)
            {
                _lane.Flush();
            }
            else
            {
                _lane.Export(records);
            }
        }
        catch (OutputException e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
