using FlowMeter.Engine.Capture;
using FlowMeter.Native;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Sends frames out of an interface, for an IDS that listens there. A thread of its own does, from a bounded queue for each worker, so that
/// no worker ever waits. What can not be sent is counted. If the interface is down, it reports that and tries again.
/// </summary>
public sealed class FrameForwarder : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private const int PatienceMs = 50;
    private const int MaxInTurn = 256;
    private const int MaxAttempts = 10;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly LinkType _linkType;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly List<FrameQueue> _queues = [];
    private readonly ManualResetEventSlim _signal = new(initialState: false, spinCount: 0);
    private PcapCapture? _interface;
    private Thread? _thread;
    private volatile bool _isEnding;
    private bool _isFailing;
    private long _triedAt;
    private long _lostBefore;
    private long _sent;
    private long _failed;
    private long _tooLong;
    private long _cut;

    /// <summary>Opens the interface. One that is down is opened as soon as it comes up.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="linkType">That of the frames; the interface must have it, too.</param>
    /// <param name="clock">The time between attempts.</param>
    /// <param name="say">Told when the interface fails, and when it works again.</param>
    /// <exception cref="PcapException">The interface can not be opened.</exception>
    /// <exception cref="CaptureException">It has another link type.</exception>
    public FrameForwarder(string name, LinkType linkType, TimeProvider clock, Action<string> say)
    {
        Name = name;
        _linkType = linkType;
        _clock = clock;
        _say = say;
        try
        {
            _interface = Open();
        }
        catch (PcapException e) when (e.Error == PcapError.InterfaceNotUp)
        {
            Fail(e.Message);
        }
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>Frames sent; from any thread, as all that follow.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Frames that were not sent since too many waited.</summary>
    public long QueueDrops => _queues.Sum(queue => queue.Dropped);

    /// <summary>Frames that could not be sent: the interface was down or refused.</summary>
    public long SendDrops => Volatile.Read(ref _failed);

    /// <summary>Frames that are longer than the interface takes.</summary>
    public long TooLong => Volatile.Read(ref _tooLong);

    /// <summary>Frames among those sent that were captured without their ends, and sent so.</summary>
    public long Cut => Volatile.Read(ref _cut);

    /// <summary>Begins to send. The thread has the rights of the one that calls.</summary>
    public void Start()
    {
        Thread thread = new(Run) { Name = "forward", IsBackground = true };
        thread.Start();
        _thread = thread;
    }

    /// <summary>Sends what waits, and ends.</summary>
    public void Complete()
    {
        _isEnding = true;
        _signal.Set();
        _thread?.Join();
        _thread = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Complete();
        _interface?.Dispose();
        _queues.ForEach(queue => queue.Dispose());
        _signal.Dispose();
    }

    /// <summary>A queue for one more worker. Not while others run.</summary>
    internal FrameQueue CreateQueue()
    {
        FrameQueue queue = new();
        _queues.Add(queue);
        return queue;
    }

    /// <summary>Says that frames were put into a queue.</summary>
    internal void Wake() => _signal.Set();

    private void Run()
    {
        while (true)
        {
            // Before the queues are looked at: what is put in afterwards sets it again, and at the end nothing is put in any more.
            bool isLast = _isEnding;
            _signal.Reset();
            if (_interface == null)
            {
                Reopen();
            }

            if (!Drain() && !isLast)
            {
                _signal.Wait(PatienceMs);
            }
            else if (isLast && !Drain())
            {
                return;
            }
        }
    }

    /// <summary>Sends some frames of each queue. Returns whether there were any.</summary>
    private bool Drain()
    {
        bool hadSome = false;
        foreach (FrameQueue queue in _queues)
        {
            for (int i = 0; i < MaxInTurn && queue.TryPeek(out ReadOnlySpan<byte> frame, out uint wire); i++)
            {
                Send(frame, wire);
                queue.Release(frame);
                hadSome = true;
            }
        }

        return hadSome;
    }

    private void Send(ReadOnlySpan<byte> frame, uint wire)
    {
        if (_interface == null)
        {
            _failed++;
            return;
        }

        SendResult result = _interface.TryInject(frame);
        for (int attempt = 0; result == SendResult.NoBuffers && attempt < MaxAttempts; attempt++)
        {
            // The device's queue is full, and there is nothing to wait on that says when it is not. This is the sender's own thread:
            // meanwhile frames wait in their queues.
            Thread.Sleep(1);
            result = _interface.TryInject(frame);
        }

        switch (result)
        {
            case SendResult.Sent:
                _sent++;
                _cut += frame.Length < wire ? 1 : 0;
                break;
            case SendResult.TooLong:
                _tooLong++;
                break;
            case SendResult.NoBuffers:
                _failed++;
                break;
            default:
                _failed++;
                Fail(_interface.LastError);
                break;
        }
    }

    /// <summary>Gives the handle up, and says so once.</summary>
    private void Fail(string reason)
    {
        _interface?.Dispose();
        _interface = null;
        _triedAt = _clock.GetTimestamp();
        if (!_isFailing)
        {
            _isFailing = true;
            _lostBefore = _failed == 0 ? 0 : _failed - 1;
            _say(InterfaceState.IsUp(Name)
                ? $"{Name}: nothing can be sent there: {reason}; suspicious packets are dropped until it can."
                : $"{Name}: is down; suspicious packets are dropped until it is up (ip link set {Name} up).");
        }
    }

    private void Reopen()
    {
        if (_clock.GetElapsedTime(_triedAt) < s_pause)
        {
            return;
        }

        _triedAt = _clock.GetTimestamp();
        try
        {
            _interface = InterfaceState.IsUp(Name) ? Open() : null;
        }
        catch (Exception e) when (e is PcapException or CaptureException)
        {
            // As it was: told when it failed, tried again.
            return;
        }

        if (_interface != null)
        {
            _isFailing = false;
            _say($"{Name}: is sent to again; {_failed - _lostBefore} packets were dropped.");
        }
    }

    private PcapCapture Open()
    {
        PcapCapture opened = PcapCapture.Create(Name);
        try
        {
            // Nothing is read from it.
            opened.SetSnapLength(64);
            opened.SetBufferSize(BufferBytes);
            _ = opened.Activate();
            if (OperatingSystem.IsLinux())
            {
                DropAllFilter.Close(opened.Descriptor);
            }

            return (LinkType)opened.LinkType == _linkType
                ? opened
                : throw new CaptureException($"{Name}: has link type {opened.LinkType}, and the captured packets have {(int)_linkType}; "
                    + "choose an interface of the same kind.");
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
