namespace FlowMeter.Native;

/// <summary>
/// What the wall clock is ahead of the monotonic one. It is the same until somebody sets the wall clock (corrections of the rate hold for
/// both), so what was read once stays, unless a later reading cannot be explained by it: the times of one source keep their order and
/// their gaps, however late a reading came.
/// </summary>
internal struct ClockOffset
{
    // Nanoseconds by which readings may differ from each other for the rounding of the clocks.
    private const long Slack = 100;

    private long _least;
    private long _most;
    private bool _isKnown;

    /// <summary>What to add to a monotonic time, nanoseconds.</summary>
    public long Nanoseconds { get; private set; }

    /// <summary>Takes a reading of the wall clock between two of the monotonic one into account.</summary>
    /// <param name="before">The monotonic clock before the reading, nanoseconds.</param>
    /// <param name="wall">The wall clock, nanoseconds.</param>
    /// <param name="after">The monotonic clock after the reading, nanoseconds.</param>
    public void Consider(long before, long wall, long after)
    {
        (long least, long most) = (wall - after, wall - before);
        bool wasSet = !_isKnown || least > _most + Slack || most < _least - Slack;
        if (wasSet || most - least < _most - _least)
        {
            (_least, _most, _isKnown) = (least, most, true);
        }

        if (wasSet || Nanoseconds < _least - Slack || Nanoseconds > _most + Slack)
        {
            Nanoseconds = _least + ((_most - _least) / 2);
        }
    }
}
