using System.Globalization;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Summary;

/// <summary>The summary for people: what was read, what became of it, how fast.</summary>
internal static class SummaryText
{
    private const int Width = 80;
    private const int Indent = 32;

    public static void Write(TextWriter to, RunSummary summary)
    {
        if (summary.Flows == 0)
        {
            to.WriteLine(WhyNoFlows(summary));
            WriteFiles(to, summary);
            WriteLosses(to, summary);
            WriteSplit(to, summary);
            return;
        }

        to.WriteLine(Line("frames", Count(summary.Frames), string.Create(CultureInfo.InvariantCulture, $"{Bytes(summary.Bytes)} metered in {summary.Seconds:0.00} s, {summary.PacketsPerSecond / 1e6:0.0} M packets/s")));
        to.WriteLine(Line("skipped", Count(summary.Frames - summary.Metered), Parts(summary.Skipped)));
        WriteLosses(to, summary);
        WriteFiles(to, summary);
        to.WriteLine(Line("flows", Count(summary.Flows), Parts(summary.FlowsByEndReason)));
        if (summary.FlowsWithoutRoom > 0)
        {
            to.WriteLine(Line("cut short", Count(summary.FlowsWithoutRoom), "flows whose history could not grow; give more with --max-history"));
        }

        if (summary.FlowsBelowMinPackets > 0)
        {
            to.WriteLine(Line("left out", Count(summary.FlowsBelowMinPackets), $"flows of fewer than {summary.LeastPackets} packets"));
        }

        WriteIfAny(to, "left out", summary.FlowsBackwards, "flows whose last packet is older than their first");
        if (summary.OutsideProfile > 0)
        {
            to.WriteLine(Line("left out", Count(summary.OutsideProfile), $"packets that profile {summary.Profile} does not meter"));
        }

        if (summary.OutOfOrder > 0)
        {
            to.WriteLine(Line("out of order", Count(summary.OutOfOrder), "packets older than the newest of their flow"));
        }

        WriteIfAny(to, "clock jumps", summary.ClockJumps, "wrong times, those in a row counted once");
        if (summary is { Verdicts: { } verdicts, DataReduction: { } reduction })
        {
            to.WriteLine(Line("judged by", "", summary.Model!));
            to.WriteLine(Line("malicious", Count(verdicts["malicious"]), Parts(verdicts.Select(verdict => verdict.Key == "undecided" && summary.JudgedFrom > 1 ? new($"undecided: fewer than {summary.JudgedFrom} packets", verdict.Value) : verdict))));
            to.WriteLine(Line("data reduction", string.Create(CultureInfo.InvariantCulture, $"{reduction.Packets * 100:0.0} %"), string.Create(CultureInfo.InvariantCulture, $"of packets and {reduction.Bytes * 100:0.0} % of bytes {(summary.DecideAfter is { } decided ? $"came after packet {decided} of flows judged benign there" : "are in flows judged benign")}")));
        }

        WriteSplit(to, summary);
    }

    private static void WriteSplit(TextWriter to, RunSummary summary)
    {
        if (summary.Split is { } split)
        {
            long frames = split.SuspiciousFrames + split.BenignFrames;
            long bytes = split.SuspiciousBytes + split.BenignBytes;
            to.WriteLine(Line("sent on", Count(split.SuspiciousFrames), string.Create(
                CultureInfo.InvariantCulture,
                $"of {Count(frames)} frames, {Bytes(split.SuspiciousBytes)} of {Bytes(bytes)}; spared {split.FramesSpared * 100:0.0} % of frames and {split.BytesSpared * 100:0.0} % of bytes")));
        }

        if (summary.Capture?.Forward is { } forward)
        {
            to.WriteLine(Line("forwarded", Count(forward.Sent), $"to {forward.Interface}{(forward.NotSent > 0 ? "; not sent: " : "")}{Parts(new Dictionary<string, long>
            {
                ["too many waited"] = forward.QueueDrops,
                ["interface down or refusing"] = forward.SendDrops,
                ["too long for it"] = forward.TooLong,
            })}{(forward.Cut > 0 ? $"; {Count(forward.Cut)} cut by --snaplen" : "")}"));
        }
    }

    /// <summary>A live capture says what it lost, also that it lost nothing.</summary>
    private static void WriteLosses(TextWriter to, RunSummary summary)
    {
        if (summary.Capture is { } capture)
        {
            to.WriteLine(Line("lost", Count(capture.KernelDrops + capture.InterfaceDrops), $"frames {Parts(new Dictionary<string, long>
            {
                ["dropped by the kernel"] = capture.KernelDrops,
                ["by the interface"] = capture.InterfaceDrops,
            })}"));
            WriteIfAny(to, "not written", capture.SinkOverruns + capture.RowsLost, "flows: the output was too slow or failed");
            WriteIfAny(to, "evicted", capture.Evicted, "flows that left the full table before their time");
            WriteIfAny(to, "not written", capture.PacketsLost, "packets: the output failed");
        }
    }

    /// <summary>What the input says of itself: losses before it was written, and files that were not read to their end.</summary>
    private static void WriteFiles(TextWriter to, RunSummary summary)
    {
        FileSummary[] files = summary.Files ?? [];
        WriteIfAny(to, "lost before", files.Sum(file => file.InterfaceDrops + file.SystemDrops + file.PacketDrops), $"frames, as the capture states: {Parts(new Dictionary<string, long>
        {
            ["dropped by the interface"] = files.Sum(file => file.InterfaceDrops),
            ["by the system"] = files.Sum(file => file.SystemDrops),
            ["between packets"] = files.Sum(file => file.PacketDrops),
        })}");
        WriteIfAny(to, "not whole", files.Count(file => file.Error != null), $"of {files.Length} files: {string.Join(", ", files.Where(file => file.Error != null).Select(file => file.Name))}");
    }

    private static void WriteIfAny(TextWriter to, string name, long count, string details)
    {
        if (count > 0)
        {
            to.WriteLine(Line(name, Count(count), details));
        }
    }

    private static string WhyNoFlows(RunSummary summary)
    {
        string frames = $"0 flows: {Count(summary.Frames)} {(summary.Frames == 1 ? "frame" : "frames")}";
        if (summary is { Frames: 0, FilteredOut: > 0 and var kept })
        {
            return $"0 flows: no frame matches the filter, which kept {(kept == 1 ? "its only frame" : $"all {Count(kept)} frames")} out";
        }

        if (summary.Frames == 0)
        {
            return summary.Capture == null ? "0 flows: the capture holds no frames" : "0 flows: no frame came";
        }

        KeyValuePair<string, long>[] reasons =
        [
            .. summary.Skipped.Where(reason => reason.Value > 0),
            .. new Dictionary<string, long>
            {
                [$"left out by profile {summary.Profile}"] = summary.OutsideProfile,
                [$"in flows of fewer than {summary.LeastPackets} packets"] = summary.Metered - summary.OutsideProfile,
            }.Where(reason => reason.Value > 0),
        ];
        string most = summary switch
        {
            { UnknownEtherType: { } type } when IsMost(summary.Skipped["non_ip"]) => type <= 1500 ? "; most without IP are LLC frames" : string.Create(CultureInfo.InvariantCulture, $"; most without IP have EtherType 0x{type:x4}"),
            { ProtocolOutsideProfile: { } protocol } when IsMost(summary.OutsideProfile) => string.Create(CultureInfo.InvariantCulture, $"; most left out have IP protocol {protocol}"),
            _ => "",
        };
        return (reasons.Length == 1 ? $"{frames}, all {reasons[0].Key}" : $"{frames}: {Parts(reasons)}") + most;

        bool IsMost(long count) => reasons.All(reason => reason.Value <= count);
    }

    private static string Line(string name, string value, string details) =>
        string.Join(Environment.NewLine, Lines(details, Width - Indent).Select((line, i) => $"{(i == 0 ? $"{name,-15}{value,14}" : ""),-Indent}{line}".TrimEnd()));

    /// <summary>Details in lines: parts stay whole where a line can hold them, words always do.</summary>
    private static IEnumerable<string> Lines(string details, int width)
    {
        string line = "";
        foreach (string part in details.Split(", ").Select((part, i) => i == 0 ? part : ", " + part))
        {
            if (line.Length + part.Length <= width)
            {
                line += part;
                continue;
            }

            string[] lines = [.. Paragraph.Lines(line.Length > 0 && part.Length - 2 <= width ? part[2..] : line + part, width)];
            if (line.Length > 0 && part.Length - 2 <= width)
            {
                yield return line + ",";
            }

            foreach (string whole in lines[..^1])
            {
                yield return whole;
            }

            line = lines[^1];
        }

        yield return line;
    }

    private static string Parts(IEnumerable<KeyValuePair<string, long>> counts) =>
        string.Join(", ", counts.Where(part => part.Value > 0).Select(part => $"{Count(part.Value)} {part.Key}"));

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Bytes(long value) => value switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.0} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.0} kB"),
        _ => $"{value} bytes",
    };
}
