using FlowMeter.Engine.Capture;
using FlowMeter.Native;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Simulation;

/// <summary>Interfaces that go down and come back, and what is sent on them. Keeps what each handle took.</summary>
internal sealed class SimulatedWire(SimulationPlan plan, SimulatedClock clock, Random random) : ILiveSystem
{
    private readonly Dictionary<string, SimulatedHandle[]> _handles = [];
    private readonly HashSet<string> _down = [];
    private readonly Dictionary<string, long> _upSince = [];

    public SimulationPlan Plan => plan;

    public SimulatedClock Clock => clock;

    /// <summary>What each handle lost; set once the capture is open.</summary>
    public IReadOnlyList<LossCounts> Losses { get; set; } = [];

    /// <summary>The frames that each handle handed over, without those that were ignored.</summary>
    public IReadOnlyList<List<SimulatedFrame>> Taken { get; } =
        [.. Enumerable.Range(0, plan.Points).Select(_ => new List<SimulatedFrame>())];

    /// <summary>Frames that an open handle received, dropped or not.</summary>
    public long Sent { get; private set; }

    public long DroppedByInterface { get; private set; }

    /// <summary>Frames that handles were closed with.</summary>
    public long LeftInRings { get; set; }

    /// <summary>Frames in the rings of open handles.</summary>
    public long InRings => _handles.Values.Sum(handles => handles.Sum(handle => (long)handle.Waiting));

    /// <summary>What has gone wrong first; null for nothing.</summary>
    public string? Violation { get; private set; }

    public static string NameOf(int number) => $"sim{number}";

    public void Require(bool holds, string otherwise) => Violation ??= holds ? null : otherwise;

    public long Ignored(int point) => Losses[point].BeforeStart;

    /// <summary>Sends a frame on an interface now.</summary>
    public void Send(int number, Frame frame, int share)
    {
        if (!_handles.TryGetValue(NameOf(number), out SimulatedHandle[]? handles) || _down.Contains(NameOf(number)))
        {
            return;
        }

        if (random.Next(plan.OneInDroppedByInterface) == 0 && handles.Length == plan.Handles && !handles.Any(handle => handle.IsRefusing))
        {
            DroppedByInterface++;
            foreach (SimulatedHandle handle in handles)
            {
                handle.DropByInterface();
            }

            return;
        }

        Deliver(handles[share % handles.Length], frame, isBeforeStart: false);
    }

    /// <summary>An interface goes down, or comes back.</summary>
    public void SetUp(int number, bool isUp)
    {
        if (isUp)
        {
            _down.Remove(NameOf(number));
            _upSince[NameOf(number)] = clock.Now;
        }
        else if (_down.Add(NameOf(number)) && _handles.TryGetValue(NameOf(number), out SimulatedHandle[]? handles))
        {
            foreach (SimulatedHandle handle in handles)
            {
                handle.Fail();
            }
        }
    }

    /// <summary>An interface that has been up for a while is captured.</summary>
    public void RequireOpen(int number, long whileNs) => Require(
        _handles.ContainsKey(NameOf(number)) || _down.Contains(NameOf(number))
            || clock.Now - _upSince.GetValueOrDefault(NameOf(number)) < whileNs,
        $"{NameOf(number)} is up and not captured");

    public void Close(SimulatedHandle handle)
    {
        foreach ((string name, SimulatedHandle[] handles) in _handles)
        {
            SimulatedHandle[] others = [.. handles.Where(other => other != handle)];
            if (others.Length == 0)
            {
                _handles.Remove(name);
            }
            else
            {
                _handles[name] = others;
            }
        }
    }

    public bool Exists(string name) => true;

    public bool IsUp(string name) => !_down.Contains(name);

    public IReadOnlyList<ILiveHandle> Open(string name, CaptureSettings settings, Action<string> say)
    {
        if (!IsUp(name))
        {
            throw new PcapException($"{name}: The capture cannot start: That device is not up", PcapError.InterfaceNotUp);
        }

        int number = settings.Interfaces.ToList().IndexOf(name);
        List<SimulatedHandle> opened = [];
        for (int i = 0; i < settings.HandlesPerInterface; i++)
        {
            int point = (number * settings.HandlesPerInterface) + i;
            opened.Add(plan.HasRing ? new SimulatedRing(this, point, plan.LinkType) : new SimulatedCalls(this, point, plan.LinkType));
            if (settings.HandlesPerInterface > 1 && random.Next(2) == 0)
            {
                Frame frame = plan.Frames[random.Next(plan.Frames.Count)].Frame;
                opened.ForEach(handle => Deliver(handle, frame, isBeforeStart: true));
                clock.Now += SimulatedClock.Millisecond;
            }
        }

        opened.ForEach(handle => handle.Start = clock.Wall);
        _handles[name] = [.. opened];
        return opened;
    }

    public void Wait(int milliseconds)
    {
        // The scheduler decides how long a step takes.
    }

    private void Deliver(SimulatedHandle handle, Frame frame, bool isBeforeStart)
    {
        Frame stamped = frame.Cut(plan.SnapLength) with { TimestampNs = clock.Wall };
        Sent += handle.Receive(new SimulatedFrame(stamped, clock.Now, isBeforeStart)) ? 1 : 0;
    }
}
