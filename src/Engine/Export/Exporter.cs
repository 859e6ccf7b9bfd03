using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Export;

/// <summary>
/// The exporting process of one worker. Blocks of ended flows are exported by a thread of its own; when too many wait already, the worker
/// exports the next one itself instead of waiting, so that both cores write when there is nothing left to meter: nothing is ever lost.
/// Where packets do not wait (live capture) the worker must not either: there the block is dropped and its flows are counted. Memory is
/// bounded by the blocks that may wait.
/// </summary>
internal sealed class Exporter : IFlowConsumer, IDisposable
{
    /// <summary>Blocks that may wait while packets are captured: a burst of 131,072 flows, 31 MiB.</summary>
    public const int MaxWaitingLive = 2048;

    private const int MaxWaitingOffline = 32;

    private readonly ObjectPool<FlowRecordBlock> _pool;
    private readonly ExportPipeline _pipeline;
    private readonly ExportPipeline _workersPipeline;
    private readonly FlushPace? _pace;
    private readonly BlockQueue _queue;
    private readonly int _number;
    private Thread? _thread;
    private long _blocks;
    private int _maxWaiting;
    private bool _mayDrop;
    private int _waiting;
    private long _overruns;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Sets the exporter up. It owns the two pipelines, which write to the same output.</summary>
    /// <param name="pool">Where blocks come from and go back to.</param>
    /// <param name="pipeline">The thread's.</param>
    /// <param name="workersPipeline">The worker's, for when it exports itself.</param>
    /// <param name="pace">When rows are written where no block waits; null: at the end.</param>
    /// <param name="isLive">Whether the worker must not wait.</param>
    /// <param name="maxWaitingLive">Blocks that may wait then.</param>
    /// <param name="number">Of the worker, for the thread's name.</param>
    public Exporter(
        ObjectPool<FlowRecordBlock> pool, ExportPipeline pipeline, ExportPipeline workersPipeline, FlushPace? pace, bool isLive,
        int maxWaitingLive, int number)
    {
        _pool = pool;
        _pipeline = pipeline;
        _workersPipeline = workersPipeline;
        _pace = pace;
        _mayDrop = isLive;
        _maxWaiting = isLive ? maxWaitingLive : MaxWaitingOffline;
        _queue = new BlockQueue(_maxWaiting);
        _number = number;
    }

    /// <summary>Whether rows come in the order of the blocks: the worker waits where too many do, and exports none itself.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Blocks that wait to be exported; from any thread.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Flows that were dropped because too many waited; from any thread.</summary>
    public long Overruns => Volatile.Read(ref _overruns);

    /// <summary>Has a thread export from now on. Without one the caller does (<see cref="TryExport"/>).</summary>
    public void Start()
    {
        Thread thread = new(Run) { Name = $"export {_number}", IsBackground = true };
        thread.Start();
        _thread = thread;
    }

    /// <inheritdoc/>
    /// <exception cref="OutputException">The sink failed; flows that were not written yet are lost.</exception>
    public FlowRecordBlock Exchange(FlowRecordBlock full)
    {
        _failure?.Throw();
        full.Number = _blocks++;
        if (Volatile.Read(ref _waiting) >= _maxWaiting)
        {
            if (_mayDrop)
            {
                Volatile.Write(ref _overruns, _overruns + full.Count);
                full.Drop();
                return full;
            }

            if (_pace is not { Gathers: true } && !KeepsOrder)
            {
                _workersPipeline.Export(full);
                if (_pace != null)
                {
                    _workersPipeline.Flush();
                }

                return full;
            }

            // Rows of the worker's own would wait for others that may never come, or overtake them.
            _queue.AwaitRoom(_maxWaiting);
        }

        Interlocked.Increment(ref _waiting);
        _queue.Enqueue(full);
        return _pool.Get();
    }

    /// <summary>Exports the block that waits longest. Returns false if none does.</summary>
    public bool TryExport()
    {
        if (_waiting == 0)
        {
            return false;
        }

        Export(_queue.Dequeue(TimeSpan.Zero, out _)!);
        return true;
    }

    /// <inheritdoc/>
    public unsafe void LeaveOut(FlowHeader* header, int waiting) => _workersPipeline.LeaveOut(header, _blocks, waiting);

    /// <inheritdoc/>
    public void EndOfPackets()
    {
        _mayDrop = false;
        _maxWaiting = MaxWaitingOffline;
    }

    /// <summary>Waits until everything is written.</summary>
    /// <exception cref="OutputException">It could not be.</exception>
    public void Complete()
    {
        _queue.Complete();
        _workersPipeline.Flush();
        if (_thread == null)
        {
            Run();
        }

        _thread?.Join();
        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Complete();
        _thread?.Join();
        _pipeline.Dispose();
        _workersPipeline.Dispose();
    }

    private void Run()
    {
        bool isOver = false;
        while (!isOver)
        {
            if (_queue.Dequeue(_pace?.Left ?? Timeout.InfiniteTimeSpan, out isOver) is { } records)
            {
                Export(records);
            }
            else
            {
                Guard(null);
            }
        }
    }

    private void Export(FlowRecordBlock records)
    {
        Guard(records);
        records.Count = 0;
        _pool.Return(records);
        if (Interlocked.Decrement(ref _waiting) == 0 && _pace?.IsDue() == true)
        {
            Guard(null);
        }
    }

    /// <summary>
    /// Exports a block, or flushes. After a failure blocks are taken and dropped; the worker sees the failure at its next one.
    /// </summary>
    private void Guard(FlowRecordBlock? records)
    {
        if (records == null)
        {
            _pace?.Reset();
        }

        if (_failure != null)
        {
            return;
        }

        try
        {
            if (records == null)
            {
                _pipeline.Flush();
            }
            else
            {
                _pipeline.Export(records);
            }
        }
        catch (Exception e)
        {
            // Thrown on by the worker.
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
