using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Top;

/// <summary>What a viewer has chosen by keys.</summary>
/// <param name="Order">What suspicious flows are sorted by.</param>
/// <param name="IsAscending">Whether the lowest comes first.</param>
/// <param name="IsPaused">Whether the picture is held; the run goes on.</param>
/// <param name="ShowsHelp">Whether the keys are shown in place of the flows.</param>
internal readonly record struct TopState(
    FlowOrder Order = FlowOrder.Time, bool IsAscending = false, bool IsPaused = false, bool ShowsHelp = false)
{
    private static readonly int s_orders = Enum.GetValues<FlowOrder>().Length;

    /// <summary>The state after a key.</summary>
    public TopState After(TopKey key) => key switch
    {
        TopKey.NextOrder => this with { Order = (FlowOrder)(((int)Order + 1) % s_orders) },
        TopKey.PreviousOrder => this with { Order = (FlowOrder)(((int)Order + s_orders - 1) % s_orders) },
        TopKey.Reverse => this with { IsAscending = !IsAscending },
        TopKey.Pause => this with { IsPaused = !IsPaused },
        TopKey.Help => this with { ShowsHelp = !ShowsHelp },
        _ => this,
    };
}
