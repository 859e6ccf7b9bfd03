using System.Globalization;
using FlowMeter.Cli.Summary;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Cli.Read;

/// <summary>Warnings on stderr, which are printed with <c>--quiet</c>, too.</summary>
internal static class InputWarnings
{
    /// <summary>Says it, each once a run.</summary>
    public static void Write(Action<string> warn, RunSummary summary, FilteredSource? filter)
    {
        FrameCounts frames = summary.Counts.Frames;
        long unsupported = frames[DecodeResult.UnsupportedLinkType];
        if (frames.UnsupportedLinkType is { } linkType && unsupported < summary.Frames)
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"linktype {LinkTypeName.Find(linkType)} is not supported: {unsupported:#,0} "
                + $"of {summary.Frames:#,0} frames were skipped for it."));
        }

        // The times and lengths in a damaged capture, and the lengths of frames that nobody could decode, prove nothing.
        bool isWhole = summary.Files!.All(file => file.Failure == null);
        long jumps = summary.Counts.Totals.ClockJumps;
        if (jumps > 0 && isWhole)
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"the time of packets jumped by more than a "
                + $"minute{(jumps == 1 ? "" : $", {jumps:#,0} times")}: a wrong time stamp, a clock that was set back, or files out of "
                + $"order (--sort); no other flow is changed by it."));
        }

        if (frames.LongFrames > 0 && summary.Metered > 0 && isWhole)
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"frames longer than any Ethernet carries ({frames.LongFrames:#,0}): "
                + $"offloading put packets together before they were captured, so packets are too few and too large; ethtool -K IF gro off "
                + $"lro off tso off gso off before the next capture."));
        }

        if (RunSummary.DriftWarning(summary.Counts.Totals.Drift) is { } drift)
        {
            warn(drift);
        }

        if (summary is { Frames: 0, FilteredOut: > 0 } && filter?.MissingWord is { } word)
        {
            string has = word switch { "vlan" => "have a VLAN tag", "mpls" => "have MPLS labels", _ => "are PPPoE" };
            warn($"all frames {has}, behind which a filter looks only after the word {word}: --filter '{word} and …'.");
        }
    }
}
