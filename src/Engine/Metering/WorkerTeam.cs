using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// Several workers on one source. A free worker reads next, decodes what it has read and deals it out by shards; each accounts for its own
/// shard of everything, in the order of the capture. Where the source can be read ahead, workers read at the same time and only walk the
/// records in turn; else they read in turn, too. So every packet is decoded once, raw bytes never leave the core that read them, and each
/// result is the same whatever the number of workers. Where flows are seen beside those before them, one worker accounts for all and the
/// others read and decode.
/// </summary>
internal sealed partial class WorkerTeam : IDisposable
{
    // Reads that are dealt out together: large frames fill a read with few packets, and each hand-over has its price.
    private const int MaxReads = 4;
    private const int PacketsAtOnce = 1600;
    private const int Capacity = PacketsAtOnce - 1 + PacketBatch.Capacity;

    // Hand-overs that may lie decoded, for each worker: enough to never wait for one another, few enough to stay in cache.
    private const int SlotsPerWorker = 4;

    private static readonly int s_cores = Environment.ProcessorCount;

    private readonly IReadOnlyList<FlowWorker> _workers;
    private readonly Action<int>? _onStart;
    private readonly IReadOnlyList<WorkerProgress>? _progress;
    private readonly DecodedSlot[] _slots;
    private readonly Member[] _members;
    private readonly int _accountants;
    private readonly int _reads;
    private readonly object _lock = new();
    private IPacketSource _source = null!;
    private CancellationToken _stop;

    // Whose turn it is has the source to itself; but who only takes what was read ahead leaves it to others to reserve more.
    private bool _hasTurn;
    private bool _isReading;
    private bool _isEnded;

    // Workers that wait for others, or have finished.
    private int _idle;

    // Turns that were given out to those who read ahead, and how many of the first ones are over.
    private long _turns;
    private long _turnsOver;

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
                Batches = (workers[0].Payloads & PayloadDetail.Places) != 0 ? CreateBatches() : null,
            })];
        _members = [.. workers.Select((_, number) => new Member(CreateBatches()) { Next = number < accountants ? 0 : null })];
    }

    private enum Step
    {
        None,
        Fetch,
        Take,
        Read,
        Decode,
        Account,
        Finish,
    }

    /// <summary>Meters the source to its end, or until told to stop, and ends all flows.</summary>
    /// <returns>What is wrong with the source if it could not be read to its end; the workers got what came before.</returns>
    /// <exception cref="Exception">What a worker failed with, such as <see cref="Output.OutputException"/> of its sink.</exception>
    public CaptureException? Run(IPacketSource source, CancellationToken stop)
    {
        Begin(source, stop);
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

    /// <summary>Takes a source, for who has the workers take steps instead of giving them threads (<see cref="TryStep"/>).</summary>
    internal void Begin(IPacketSource source, CancellationToken stop)
    {
        _source = source;
        _stop = stop;
    }

    /// <summary>Has a worker do what is next, if it needs not wait for another. Returns false once it has finished.</summary>
    internal bool TryStep(int number)
    {
        Step step;
        lock (_lock)
        {
            step = Choose(_members[number]);
        }

        return step == Step.None || Do(step, number);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DecodedSlot slot in _slots)
        {
            slot.Packets.Dispose();
            Free(slot.Batches ?? []);
        }

        foreach (Member member in _members)
        {
            Free(member.Batches);
        }
    }

    private void Work(int number)
    {
        try
        {
            _onStart?.Invoke(number);
            while (Do(Await(_members[number]), number))
            {
            }
        }
        catch (Exception e)
        {
            // Thrown on by who waits for the threads.
            Fail(e);
        }

        lock (_lock)
        {
            _idle++;
            WakeWhoCanGoOn();
        }
    }

    /// <summary>Has all workers end, so that none waits forever for what the one that failed does not do any more.</summary>
    private void Fail(Exception e)
    {
        lock (_lock)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            WakeWhoCanGoOn();
        }
    }

    /// <summary>Takes a step. Returns false once the worker has finished.</summary>
    private bool Do(Step step, int number)
    {
        Member member = _members[number];
        WorkerProgress? progress = _progress?[number];
        switch (step)
        {
            case Step.Fetch:
                member.Batches[0].Fetch();
                return true;
            case Step.Take or Step.Read:
                Read(member, isAhead: step == Step.Take, progress);
                return true;
            case Step.Decode:
                Decode(_workers[number], member);
                break;
            case Step.Account:
                _ = progress?.Begin();
                _workers[number].Account(SlotOf(member.Next!.Value).Packets, number);
                Release(member.Next.Value, progress);
                member.Next++;
                break;
            default:
                if (_failure == null)
                {
                    _workers[number].Finish(_workers[0].Clock.Now);
                }

                return false;
        }

        progress?.End();
        return true;
    }

    private PacketBatch[] CreateBatches() => [.. Enumerable.Range(0, _reads).Select(_ => new PacketBatch())];

    private static void Free(PacketBatch[] batches)
    {
        foreach (PacketBatch batch in batches)
        {
            batch.Dispose();
        }
    }

    private void Release(long number, WorkerProgress? progress)
    {
        lock (_lock)
        {
            if (--SlotOf(number).Readers == 0)
            {
                progress?.Done(SlotOf(number).Began);
                WakeWhoCanGoOn();
            }
        }
    }

    private DecodedSlot SlotOf(long number) => _slots[number % _slots.Length];

    /// <summary>Where a worker is.</summary>
    private sealed class Member(PacketBatch[] batches)
    {
        /// <summary>Whether it waits to be given a step.</summary>
        public bool IsWaiting { get; set; }

        /// <summary>The step that it was given while it waited; guarded by a lock of its own.</summary>
        public Step Given { get; set; }

        /// <summary>What it reads into.</summary>
        public PacketBatch[] Batches { get; set; } = batches;

        /// <summary>Its turn to take what it has reserved and read ahead; null for none.</summary>
        public long? Turn { get; set; }

        /// <summary>The hand-over that it accounts for next; null if it accounts for none.</summary>
        public long? Next { get; set; }

        /// <summary>The hand-over that it has read and not decoded yet; null for none.</summary>
        public long? Undecoded { get; set; }

        /// <summary>Batches of that one.</summary>
        public int Filled { get; set; }

        /// <summary>Whether that one can be decoded only after all before it.</summary>
        public bool AwaitsTurn { get; set; }
    }
}
