using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// Several workers on one source. A free worker reads next, one at a time, decodes what it has read and deals it out by shards; each
/// accounts for its own shard of everything, in the order of the capture. So every packet is decoded once, raw bytes never leave the core
/// that read them, and each result is the same whatever the number of workers. Where flows are seen beside those before them, one worker
/// accounts for all and the others read and decode.
/// </summary>
internal sealed partial class WorkerTeam : IDisposable
{
    // Reads that are dealt out together: large frames fill a read with few packets, and each hand-over has its price.
    private const int MaxReads = 4;
    private const int PacketsAtOnce = 1024;
    private const int Capacity = PacketsAtOnce - 1 + PacketBatch.Capacity;

    // Hand-overs that may lie decoded, for each worker: enough to never wait for one another, few enough to stay in cache.
    private const int SlotsPerWorker = 4;

    private readonly IReadOnlyList<FlowWorker> _workers;
    private readonly Action<int>? _onStart;
    private readonly IReadOnlyList<WorkerProgress>? _progress;
    private readonly DecodedSlot[] _slots;
    private readonly int _accountants;
    private readonly int _reads;
    private readonly object _lock = new();
    private IPacketSource _source = null!;
    private CancellationToken _stop;
    private bool _isReading;
    private bool _isEnded;

    // Hand-overs read, and how many of the first ones are decoded without a gap.
    private long _read;
    private long _decoded;
    private CaptureException? _damage;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Sets a team up.</summary>
    /// <param name="workers">Its workers.</param>
    /// <param name="accountants">How many of them account for flows, each for one shard: the first ones.</param>
    /// <param name="flushesEarly">Whether packets must not wait for further ones to be read.</param>
    /// <param name="onStart">Called in each worker's thread with its number, at first; null for nothing.</param>
    /// <param name="progress">Where each worker marks its progress; null: disabled.</param>
    public WorkerTeam(
        IReadOnlyList<FlowWorker> workers, int accountants, bool flushesEarly, Action<int>? onStart = null,
        IReadOnlyList<WorkerProgress>? progress = null)
    {
        _workers = workers;
        _accountants = accountants;
        _onStart = onStart;
        _progress = progress;
        _reads = flushesEarly ? 1 : MaxReads;
        _slots = [.. Enumerable.Range(0, SlotsPerWorker * workers.Count).Select(
            _ => new DecodedSlot(accountants, Capacity, workers[0].Payloads)
            {
                Batches = workers[0].Payloads >= PayloadDetail.Heads ? CreateBatches() : null,
            })];
    }

    private enum Step
    {
        Read,
        Account,
        Finish,
    }

    /// <summary>Meters the source to its end, or until told to stop, and ends all flows.</summary>
    /// <returns>What is wrong with the source if it could not be read to its end; the workers got what came before.</returns>
    /// <exception cref="Exception">What a worker failed with, such as <see cref="Output.OutputException"/> of its sink.</exception>
    public CaptureException? Run(IPacketSource source, CancellationToken stop)
    {
        _source = source;
        _stop = stop;
        List<Thread> threads = [];
        try
        {
            for (int i = 0; i < _workers.Count; i++)
            {
                int number = i;
                Thread thread = new(() => Work(number)) { Name = $"worker {number}", IsBackground = true };
                thread.Start();
                threads.Add(thread);
            }
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // The system has no room for another thread, and what the others work on goes away with this process.
            Fail(e);
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        _failure?.Throw();
        return _damage;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DecodedSlot slot in _slots)
        {
            slot.Packets.Dispose();
            Free(slot.Batches ?? []);
        }
    }

    private void Work(int number)
    {
        PacketBatch[] batches = [];
        try
        {
            _onStart?.Invoke(number);
            batches = CreateBatches();
            Work(number, batches, _progress?[number]);
        }
        catch (Exception e)
        {
            // Thrown on by who waits for the threads.
            Fail(e);
        }
        finally
        {
            Free(batches);
        }
    }

    private void Work(int number, PacketBatch[] batches, WorkerProgress? progress)
    {
        bool accounts = number < _accountants;
        long next = 0;
        while (Await(accounts ? next : null) is var step and not Step.Finish)
        {
            if (step == Step.Read)
            {
                Read(_workers[number], batches, progress);
            }
            else
            {
                _ = progress?.Begin();
                _workers[number].Account(SlotOf(next).Packets, number);
                Release(next++, progress);
            }

            progress?.End();
        }

        if (_failure == null)
        {
            _workers[number].Finish(_workers[0].Clock.Now);
        }
    }

    /// <summary>Has all workers end, so that none waits forever for what the one that failed does not do any more.</summary>
    private void Fail(Exception e)
    {
        lock (_lock)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            Monitor.PulseAll(_lock);
        }
    }

    private PacketBatch[] CreateBatches() => [.. Enumerable.Range(0, _reads).Select(_ => new PacketBatch())];

    private static void Free(PacketBatch[] batches)
    {
        foreach (PacketBatch batch in batches)
        {
            batch.Dispose();
        }
    }

    /// <summary>
    /// What a worker is to do that has accounted for everything before <paramref name="next"/>; null for one that accounts for nothing.
    /// Those read who have little left to account for, so that those who are behind catch up: otherwise the one that frees a slot fills it
    /// again and again, and the others starve. Where others only read, whoever accounts does so first.
    /// </summary>
    private Step Await(long? next)
    {
        lock (_lock)
        {
            while (true)
            {
                if (_failure != null)
                {
                    return Step.Finish;
                }

                long left = _decoded - (next ?? _decoded);
                long most = _accountants < _workers.Count ? 0 : _slots.Length / 2;
                if (!_isReading && !_isEnded && SlotOf(_read).Readers == 0 && left <= most)
                {
                    _isReading = true;
                    return Step.Read;
                }

                if (left > 0)
                {
                    return Step.Account;
                }

                if (_isEnded && !_isReading && (next ?? _read) == _read)
                {
                    return Step.Finish;
                }

                Monitor.Wait(_lock);
            }
        }
    }

    private void Release(long number, WorkerProgress? progress)
    {
        lock (_lock)
        {
            if (--SlotOf(number).Readers == 0)
            {
                progress?.Done(SlotOf(number).Began);
                Monitor.PulseAll(_lock);
            }
        }
    }

    private DecodedSlot SlotOf(long number) => _slots[number % _slots.Length];
}
