namespace FlowMeter.Cli.Shell;

/// <summary>
/// Tells of a failure in what only shows a run, which goes on without it. What the system refuses is not told: it may pass, and callers see
/// it. What else fails is a defect, and told once: it may fail again every second.
/// </summary>
/// <param name="what">What fails, as in <c>page</c>.</param>
/// <param name="warn">Receives the line; null: it is a warning on stderr.</param>
internal sealed class SurvivedFailure(string what, Action<string>? warn = null)
{
    private int _told;

    /// <summary>Tells of a failure, if it is the first that has to be told; from any thread.</summary>
    public void Tell(Exception failure)
    {
        if (!SystemFailure.Is(failure) && Interlocked.Exchange(ref _told, 1) == 0)
        {
            (warn ?? Notes.Warn)(
                $"{what}: a defect of the program, and the run goes on; please report it. {failure.GetType().Name}: {failure.Message}");
        }
    }
}
