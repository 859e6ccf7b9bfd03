using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// One reader, several workers that all see every batch and keep their own flows of it. Decoding a packet costs less than handing it to another thread, so workers share the bytes and
/// nothing else: each result is the same whatever the number of workers.
/// </summary>
internal sealed class Broadcast : IDisposable
{
    // Batches in circulation: enough for the reader to run ahead, few enough to stay in the last-level cache.
    private const int Batches = 6;

    private readonly PacketBatch[] _batches;
    private readonly int[] _readers;
    private readonly Thread[] _threads;
    private readonly object _lock = new();
    private long _filled;
    private bool _isCompleted;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Starts a thread for each worker.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="onStart">Called in each worker's thread with its number, at first; null for nothing.</param>
    public Broadcast(IReadOnlyList<FlowWorker> workers, Action<int>? onStart = null)
    {
        _batches = new PacketBatch[Batches];
        _readers = new int[Batches];
        for (int i = 0; i < Batches; i++)
        {
            _batches[i] = new PacketBatch();
        }

        _threads = new Thread[workers.Count];
        for (int i = 0; i < _threads.Length; i++)
        {
            FlowWorker worker = workers[i];
            int number = i;
            _threads[i] = new Thread(() =>
            {
                onStart?.Invoke(number);
                Work(worker);
            })
            {
                Name = $"worker {i}",
                IsBackground = true,
            };
            _threads[i].Start();
        }
    }

    /// <summary>Reads the source to its end, or until told to stop, into batches for the workers, and waits until they have ended their flows.</summary>
    /// <returns>What is wrong with the source if it could not be read to its end; the workers got what came before.</returns>
    /// <exception cref="Export.OutputException">A worker's sink failed.</exception>
    public CaptureException? Run(IPacketSource source, CancellationToken stop)
    {
        CaptureException? damage = null;
        try
        {
            for (long number = 0; !stop.IsCancellationRequested; number++)
            {
                PacketBatch batch = AwaitFree(number);
                if (_failure != null || !source.TryFill(batch))
                {
                    break;
                }

                Publish(number);
            }
        }
        catch (CaptureException e)
        {
            damage = e;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while waiting for input: as told between two batches.
        }

        Complete();
        _failure?.Throw();
        return damage;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Complete();
        foreach (PacketBatch batch in _batches)
        {
            batch.Dispose();
        }
    }

    private PacketBatch AwaitFree(long number)
    {
        int slot = (int)(number % Batches);
        lock (_lock)
        {
            while (_readers[slot] > 0)
            {
                Monitor.Wait(_lock);
            }
        }

        return _batches[slot];
    }

    private void Publish(long number)
    {
        lock (_lock)
        {
            _readers[number % Batches] = _threads.Length;
            _filled = number + 1;
            Monitor.PulseAll(_lock);
        }
    }

    private void Complete()
    {
        lock (_lock)
        {
            _isCompleted = true;
            Monitor.PulseAll(_lock);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Work(FlowWorker worker)
    {
        for (long number = 0; AwaitFilled(number); number++)
        {
            Guard(worker, _batches[number % Batches]);
            Release(number);
        }

        Guard(worker, null);
    }

    /// <summary>Processes a batch, or finishes. After a failure batches are only passed over, so that the reader never waits in vain.</summary>
    private void Guard(FlowWorker worker, PacketBatch? batch)
    {
        if (_failure != null)
        {
            return;
        }

        try
        {
            if (batch == null)
            {
                worker.Finish();
            }
            else
            {
                worker.Process(batch);
            }
        }
        catch (Export.OutputException e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    private bool AwaitFilled(long number)
    {
        lock (_lock)
        {
            while (_filled <= number)
            {
                if (_isCompleted)
                {
                    return false;
                }

                Monitor.Wait(_lock);
            }
        }

        return true;
    }

    private void Release(long number)
    {
        lock (_lock)
        {
            if (--_readers[number % Batches] == 0)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }
}
