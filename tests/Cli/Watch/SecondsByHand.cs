namespace FlowMeter.Tests.Cli.Watch;

/// <summary>A clock whose timers are over when the test says so.</summary>
internal sealed class SecondsByHand : TimeProvider
{
    private Action _timers = () => { };

    /// <summary>The period of all timers is over.</summary>
    public void Pass() => _timers();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers += () => callback(state);
        return new Handle();
    }

    private sealed class Handle : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
