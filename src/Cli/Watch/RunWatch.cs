using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Watch;

/// <summary>A run that a person looks at: its counters of every second of the last hour, its hosts and its suspicious flows.</summary>
internal sealed class RunWatch : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly Func<RunSample> _sample;
    private readonly Func<IReadOnlyList<string>>? _problems;
    private readonly SurvivedFailure _failure = new("figures of the run");
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private bool _isOver;

    /// <summary>Looks at a run from now on.</summary>
    /// <param name="title">What the run does, as in <c>capturing eth0</c>.</param>
    /// <param name="flows">Its flows.</param>
    /// <param name="sample">Takes its counters; called on a thread of the pool.</param>
    /// <param name="problems">What keeps it from its work, a line each; called on any thread. Null: no live
    /// capture.</param>
    /// <param name="time">Says when a second is over; null: the system's clock.</param>
    public RunWatch(
        string title, FlowWatch flows, Func<RunSample> sample, Func<IReadOnlyList<string>>? problems = null, TimeProvider? time = null)
    {
        Title = title;
        Flows = flows;
        _sample = sample;
        _problems = problems;
        Series.Add(sample());
        _timer = (time ?? TimeProvider.System).CreateTimer(_ => Look(), null, s_period, s_period);
    }

    /// <summary>What the run does.</summary>
    public string Title { get; }

    /// <summary>Its flows.</summary>
    public FlowWatch Flows { get; }

    /// <summary>Its counters.</summary>
    public RunSeries Series { get; } = new();

    /// <summary>Whether it is a live capture, which may drop packets and knows its live flows.</summary>
    public bool IsCapture => _problems != null;

    /// <summary>Whether it is over.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>What keeps it from its work, a line each.</summary>
    public IReadOnlyList<string> Problems => IsOver || _problems == null ? [] : _problems();

    /// <summary>The run is over: its last counters are taken, and no more.</summary>
    public void Finish()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (!_isOver)
            {
                Volatile.Write(ref _isOver, true);
                Survive(AddSample);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Finish();

    private void Look()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                Survive(Flows.Tick);
                Survive(AddSample);
            }
        }
    }

    private void AddSample() => Series.Add(_sample());

    /// <summary>What fails is missing: on the timer's thread any failure, whatever its kind, would end the process.</summary>
    private void Survive(Action look)
    {
        try
        {
            look();
        }
        catch (Exception e)
        {
            _failure.Tell(e);
        }
    }
}
