using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// One handle on a live interface. A worker of its own takes the packets where they lie in the ring: from a ring of our own as batches,
/// from libpcap one by one, which gives a block of the ring back as soon as the last packet of it went through the callback, so that no
/// pointer may outlive that. Several workers get copies in a batch. For one thread; that closes the handle, too.
/// </summary>
internal sealed unsafe partial class LiveSource : IPacketSource
{
    private const int PatienceMs = 100;

    private readonly LiveInterface _interface;
    private readonly int _number;
    private readonly ILiveSystem _system;
    private readonly FrameBudget? _budget;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stop;
    private readonly GCHandle _self;
    private readonly WorkerProgress? _alone;
    private readonly Action<PacketBatch> _copyBatch;

    // Set by the thread that opens the interface, once all of its handles are ready; the fields that follow are set before.
    private volatile ILiveHandle? _capture;
    private LinkType _linkType;
    private int _fraction;
    private int _copied = 1;
    private long _now;
    private long _lastStatistics;
    private long _lastPackets;
    private bool _hasLooked;
    private bool _isDraining;
    private bool _isLeaving;
    private PcapException? _cause;
    private PacketBatch? _batch;
    private int _used;
    private int _taken;
    private uint _handedOver;
    private ExceptionDispatchInfo? _failure;

    public LiveSource(
        LiveInterface @interface, int number, int workers, ILiveSystem system, FrameBudget? budget, TimeProvider clock,
        CancellationToken stop)
    {
        _interface = @interface;
        _system = system;
        _number = number;
        _budget = budget;
        _clock = clock;
        _stop = stop;
        _self = GCHandle.Alloc(this);
        Progress = [.. Enumerable.Range(0, workers).Select(_ => new WorkerProgress(clock))];
        _alone = workers == 1 ? Progress[0] : null;
        _copyBatch = CopyBatch;
    }

    /// <summary>The interface's name.</summary>
    public string Interface => _interface.Name;

    /// <summary>What got lost on the way here.</summary>
    public LossCounts Losses { get; } = new();

    /// <summary>The progress of each of the handle's workers. A single worker is marked here; a team marks its own.</summary>
    public IReadOnlyList<WorkerProgress> Progress { get; }

    /// <summary>
    /// The monotonic clock before the ring was looked at last, nanoseconds: if it was empty, all packets up to this time have been taken.
    /// </summary>
    public long Now => _now;

    /// <summary>Whether the ring was looked at last and had no packet, or is gone.</summary>
    public bool IsIdle => _taken == 0 && _hasLooked;

    /// <summary>
    /// When packets were taken last, by the wall clock, ns since the epoch; 0 before the first. May be read from any thread.
    /// </summary>
    public long LastPackets => Volatile.Read(ref _lastPackets);

    public bool IsOpen => _capture != null;

    /// <summary>The link type of its frames; known once it is open.</summary>
    public LinkType LinkType => _linkType;

    /// <summary>In a callback: whether its packet is to be taken, and when it came, nanoseconds since the epoch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admits(PcapPacketHeader* header, out long time)
    {
        time = header->TimestampNs(_fraction);
        if (time < _start || _failure != null)
        {
            LetGo(time);
            return false;
        }

        _taken++;
        return true;
    }

    /// <summary>
    /// In a callback, that nothing may leave through libpcap's frames: keeps a failure, which is thrown when libpcap has returned.
    /// </summary>
    public void Fail(Exception failure)
    {
        _failure = ExceptionDispatchInfo.Capture(failure);
        ((ICallingHandle)_capture!).BreakLoop();
    }

    public void Close()
    {
        _capture?.Dispose();
        _capture = null;
    }

    /// <inheritdoc/>
    /// <remarks>The bytes are copied into the batch's own memory: several workers read them after the ring's block has gone back.</remarks>
    public bool TryFill(PacketBatch batch)
    {
        batch.Clear(_linkType);
        _batch = batch;
        _used = 0;
        bool goesOn = TryDispatch(&CopyPacket, (void*)GCHandle.ToIntPtr(_self), _copied, batch, _copyBatch);
        if (batch.Count == 0)
        {
            batch.Clear(_linkType);
        }

        batch.Now = _now;
        batch.IsIdle = IsIdle;
        return goesOn || batch.Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    /// <summary>Hands the next packets over, which lie in the ring, or waits a moment for some.</summary>
    /// <param name="callback">
    /// Called for each packet of a handle of libpcap's, which is gone once the call has returned. It asks <see cref="Admits"/> first, and
    /// no exception leaves it.
    /// </param>
    /// <param name="state">Its first argument.</param>
    /// <param name="most">Packets at most.</param>
    /// <param name="batch">Is made to point at packets of a ring of our own, as many as it has room for at most.</param>
    /// <param name="process">Called with that batch, if it has packets; they are gone once the call has returned.</param>
    /// <returns>False once the capture has been stopped and nothing is left in the ring.</returns>
    /// <exception cref="Exception">What the callback told of (<see cref="Fail"/>), or the call threw.</exception>
    public bool TryDispatch(
        delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* state, int most, PacketBatch batch,
        Action<PacketBatch> process)
    {
        _now = _clock.GetElapsedTime(0).Ticks * 100;
        EndBeginning();
        _taken = 0;
        _hasLooked = true;
        if (_budget is { IsSpent: true })
        {
            CountLosses();
            return false;
        }

        if (_capture == null)
        {
            return AwaitInterface();
        }

        if (_stop.IsCancellationRequested && !_isDraining)
        {
            BeginToDrain();
        }

        try
        {
            if (_capture is ILendingHandle ring)
            {
                Borrow(ring, batch, Math.Min(most, PacketBatch.Capacity), process);
            }
            else
            {
                Dispatch((ICallingHandle)_capture, callback, state, most);
            }

            if (_clock.GetElapsedTime(_lastStatistics) >= TimeSpan.FromSeconds(1))
            {
                CountLosses();
            }

            return _isDraining || _isLeaving ? AwaitRest() : _taken > 0 || AwaitPackets();
        }
        catch (PcapException e)
        {
            // libpcap tells of a failure once, and before it looks at the ring: what the ring holds is still to be had.
            _hasLooked = false;
            _cause ??= e;
            BeginToLeave();
            return AwaitRest();
        }
    }

    /// <summary>Nothing waits: sleeps until something does, at most a moment.</summary>
    private bool AwaitPackets()
    {
        if (_interface.IsLost)
        {
            BeginToLeave();
            return true;
        }

        if (_number == 0)
        {
            _interface.Look();
        }

        _capture!.AwaitPackets(PatienceMs);
        return true;
    }

    private bool AwaitInterface()
    {
        _system.Wait(PatienceMs);
        if (_capture != null)
        {
            // Opened by another handle's thread meanwhile: also if the end came in that moment, its ring has frames.
            return true;
        }

        if (_stop.IsCancellationRequested)
        {
            return false;
        }

        _interface.Reopen();
        return true;
    }
}
