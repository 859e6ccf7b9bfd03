using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// An interface that is captured: opens its handles, together and in order since the kernel numbers them so, says when it goes down and
/// comes back, and opens them again after they were lost.
/// </summary>
internal sealed class LiveInterface
{
    /// <summary>How often an interface that is down is asked for.</summary>
    public static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(500);

    private readonly CaptureSettings _settings;
    private readonly ILiveSystem _system;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly Lock _lock = new();
    private readonly LiveSource[] _sources;
    private volatile bool _isDown;
    private bool _isOfSystem = true;
    private volatile bool _isLost;
    private string? _refusal;
    private long _lastPoll;

    /// <summary>Makes the interface with its handles; none is open yet.</summary>
    public LiveInterface(
        string name, CaptureSettings settings, ILiveSystem system, FrameBudget? budget, TimeProvider clock, Action<string> say,
        CancellationToken stop)
    {
        Name = name;
        _settings = settings;
        _system = system;
        _clock = clock;
        _say = say;
        _sources = [.. Enumerable.Range(0, settings.HandlesPerInterface).Select(
            number => new LiveSource(this, number, settings.WorkersPerHandle, system, budget, clock, stop))];
    }

    public string Name { get; }

    public IReadOnlyList<LiveSource> Sources => _sources;

    /// <summary>Whether a handle was lost, so that the others have to be closed, too: they are opened together.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether it was up when it was looked at last; may be read from any thread.</summary>
    public bool WasUp => !_isDown;

    /// <summary>Opens all handles. An interface that is down is captured as soon as it comes up.</summary>
    /// <exception cref="PcapException">It can not be captured.</exception>
    public void Open()
    {
        try
        {
            lock (_lock)
            {
                OpenAll();
            }

            // What libpcap makes itself, such as nflog, is never up or down.
            _isOfSystem = _system.Exists(Name);
        }
        catch (PcapException e) when (e.Error == PcapError.InterfaceNotUp)
        {
            // Waited for, as later.
        }

        Look();
    }

    /// <summary>Looks whether the interface is up, at most twice a second, and says so when that changes.</summary>
    public void Look()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_lastPoll) < PollPeriod && _lastPoll != 0)
            {
                return;
            }

            _lastPoll = _clock.GetTimestamp();
            Note(IsUp());
        }
    }

    /// <summary>Opens the handles anew once all of them have been closed and the interface is up again.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            if (_sources.Any(source => source.IsOpen) || _clock.GetElapsedTime(_lastPoll) < PollPeriod)
            {
                return;
            }

            _lastPoll = _clock.GetTimestamp();
            if (!IsUp())
            {
                return;
            }

            try
            {
                OpenAll();
                Note(isUp: true);
            }
            catch (PcapException e)
            {
                if (_refusal != e.Message)
                {
                    // Once, not twice a second: the reason may be one that goes away, such as an address that is not there yet.
                    _refusal = e.Message;
                    _say($"{e.Message}; trying again.");
                }
            }
        }
    }

    /// <summary>Takes note of a handle that failed; its owner closes it then.</summary>
    public void Lost(PcapException cause)
    {
        lock (_lock)
        {
            _isLost = true;
            if (!IsUp())
            {
                Note(isUp: false);
            }
            else if (!_isDown)
            {
                _isDown = true;
                _say($"{cause.Message}; opening it again.");
            }
        }
    }

    private bool IsUp() => !_isOfSystem || _system.IsUp(Name);

    private void Note(bool isUp)
    {
        if (isUp == !_isDown)
        {
            return;
        }

        _isDown = !isUp;
        _refusal = null;
        _say(isUp ? $"{Name}: is up again; capturing." : $"{Name}: the interface is down; waiting for it (ip link set {Name} up).");
    }

    private void OpenAll()
    {
        IReadOnlyList<ILiveHandle> handles = _system.Open(Name, _settings, _say);

        // Until all had joined, each saw what is not its own. Queues of the interface never share.
        long start = _sources.Length > 1 && !_settings.IsXdp ? CaptureTime.From(_clock.GetUtcNow()) : long.MinValue;
        _isLost = false;
        foreach ((LiveSource source, ILiveHandle handle) in _sources.Zip(handles))
        {
            source.Begin(handle, start);
        }
    }
}
