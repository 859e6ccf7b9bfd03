using System.Globalization;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Cli;

/// <summary>What is worth a line on stderr also where nobody wants a summary.</summary>
internal static class InputWarnings
{
    /// <summary>Says it, each once a run.</summary>
    public static void Write(Action<string> warn, RunSummary summary, FilteredSource? filter)
    {
        long unsupported = summary.Skipped["unsupported_linktype"];
        if (summary.UnsupportedLinkType is { } linkType && unsupported < summary.Frames)
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"linktype {LinkTypeName.Of(linkType)} is not supported: {unsupported:#,0} of {summary.Frames:#,0} frames were skipped for it."));
        }

        if (summary.ClockJumps > 0)
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"the time of packets jumped by more than a minute{(summary.ClockJumps == 1 ? "" : $", {summary.ClockJumps:#,0} times")}: a wrong time stamp, a clock that was set, or a gap in the capture; flows are told apart by the times as they are."));
        }

        // The lengths in a damaged capture, or of frames that nobody could decode, prove nothing.
        if (summary.LongFrames > 0 && summary.Metered > 0 && summary.Files!.All(file => file.Error == null))
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"frames longer than any Ethernet carries ({summary.LongFrames:#,0}): offloading put packets together before they were captured, so packets are too few and too large; ethtool -K IF gro off lro off tso off gso off before the next capture."));
        }

        if (summary is { Frames: 0, FilteredOut: > 0 } && filter != null && filter.DroppedTagged == filter.Dropped)
        {
            warn("all frames have a VLAN tag, behind which a filter looks only after the word vlan: --filter 'vlan and …'.");
        }
    }
}
