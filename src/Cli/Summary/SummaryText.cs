using System.Globalization;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;
using static FlowMeter.Cli.Telemetry.CounterText;

namespace FlowMeter.Cli.Summary;

/// <summary>The summary for people: what was read, what became of it, how fast.</summary>
internal static class SummaryText
{
    private const int Width = 80;
    private const int Indent = 32;
    private const int DriftFeaturesShown = 3;

    public static void Write(TextWriter to, RunSummary summary)
    {
        if (summary.Counts.FlowCount == 0)
        {
            to.WriteLine(WhyNoFlows(summary));
            WriteFiles(to, summary);
            WriteLosses(to, summary);
            WriteSplit(to, summary);
            return;
        }

        RunCounts counts = summary.Counts;
        to.WriteLine(Line("frames", Number(summary.Frames), string.Create(
            CultureInfo.InvariantCulture,
            $"{Bytes(counts.Frames.Bytes)} metered in {summary.Seconds:0.00} s, {summary.PacketsPerSecond / 1e6:0.0} M packets/s")));
        to.WriteLine(Line("skipped", Number(summary.Frames - summary.Metered), Parts(Counters.Skipped, counts.Frames)));
        WriteLosses(to, summary);
        WriteFiles(to, summary);
        to.WriteLine(Line(
            "flows", Number(counts.FlowCount),
            Parts(Counters.EndReasons.Select(reason => reason.In<RunCounts>(run => run.Flows)), counts)));
        foreach ((string name, long count, string words) in CounterText.Lines(Counters.Run, counts))
        {
            to.WriteLine(Line(name, Number(count), Fill(words, summary)));
        }

        WriteVerdicts(to, summary);
        if (summary.Hosts is { } hosts)
        {
            to.WriteLine(Line("hosts", Number(hosts.Rows), $"{Number(hosts.Malicious)} malicious, of each source in each ten minutes"));
            foreach ((string name, long count, string words) in CounterText.Lines(Counters.Hosts, hosts))
            {
                to.WriteLine(Line(name, Number(count), words));
            }
        }

        WriteSplit(to, summary);
    }

    /// <summary>Words about a counter with what is this run's own.</summary>
    private static string Fill(string words, RunSummary summary) => words
        .Replace("{profile}", summary.Profile, StringComparison.Ordinal)
        .Replace("{min_packets}", summary.MinPackets.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static void WriteVerdicts(TextWriter to, RunSummary summary)
    {
        if (summary.Bypassed is not { } bypassed)
        {
            return;
        }

        MeteringTotals totals = summary.Counts.Totals;
        string undecided = VerdictText.Name(Verdict.Undecided);
        IEnumerable<(long Count, string Words)> verdicts = Counters.Verdicts.Select(counter => (
            counter.Read(totals),
            counter.Words == undecided && WhyUndecided(summary.Model!) is { } why ? $"{undecided}: {why}" : counter.Words!));
        string came = summary.DecideAfter is { } decided
            ? $"came after packet {decided} of flows judged benign there"
            : "are in flows judged benign";
        to.WriteLine(Line(
            "judged by", "", summary.Model!.IsUntuned ? $"{summary.Model.Name}, {RunSummary.Untuned}" : summary.Model.Name));
        to.WriteLine(Line(VerdictText.Name(Verdict.Malicious), Number(totals.ByVerdict(Verdict.Malicious).Flows), Parts(verdicts)));
        foreach ((string name, long count, string words) in CounterText.Lines([Counters.ByHost], totals))
        {
            to.WriteLine(Line(name, Number(count), words));
        }

        to.WriteLine(Line(
            "data reduction",
            string.Create(CultureInfo.InvariantCulture, $"{bypassed.Packets * 100:0.0} %"),
            string.Create(CultureInfo.InvariantCulture, $"of packets and {bypassed.Bytes * 100:0.0} % of bytes {came}")));
        WriteDrift(to, totals.Drift);
    }

    private static void WriteDrift(TextWriter to, Drift? drift)
    {
        if (drift != null)
        {
            string most = string.Join(", ", drift.Features.Take(DriftFeaturesShown).Select(
                feature => string.Create(CultureInfo.InvariantCulture, $"{feature.Name} {feature.Index:0.00}")));
            to.WriteLine(Line(
                "drift", string.Create(CultureInfo.InvariantCulture, $"{drift.Overall:0.00}"), $"from the training flows, most in {most}"));
        }
    }

    private static string? WhyUndecided(Model model)
    {
        string packets = $"fewer than {model.MinPackets} packets";
        string scores = string.Create(CultureInfo.InvariantCulture, $"a score from {model.BenignBelow:0.###} to {model.Threshold:0.###}");
        return (model.MinPackets > 1, model.HasBand) switch
        {
            (true, true) => $"{packets} or {scores}",
            (true, false) => packets,
            (false, true) => scores,
            _ => null,
        };
    }

    private static void WriteSplit(TextWriter to, RunSummary summary)
    {
        if (summary.Split is { } split)
        {
            long frames = split.SuspiciousFrames + split.BenignFrames;
            long bytes = split.SuspiciousBytes + split.BenignBytes;
            to.WriteLine(Line("sent on", Number(split.SuspiciousFrames), string.Create(
                CultureInfo.InvariantCulture,
                $"of {Number(frames)} frames, {Bytes(split.SuspiciousBytes)} of {Bytes(bytes)}; spared {split.FramesBypassed * 100:0.0} % "
                    + $"of frames and {split.BytesBypassed * 100:0.0} % of bytes")));
        }

        if (summary.Capture?.Routing?.Forwarder is { } forwarder)
        {
            string notSent = Counters.NotSent(forwarder) > 0 ? $"; not sent: {Parts(Counters.Forward, forwarder)}" : "";
            string cut = forwarder.Cut > 0 ? $"; {Number(forwarder.Cut)} cut by --snaplen" : "";
            to.WriteLine(Line("forwarded", Number(forwarder.Sent), $"to {forwarder.Name}{notSent}{cut}"));
        }
    }

    /// <summary>A live capture says what it lost, also that it lost nothing.</summary>
    private static void WriteLosses(TextWriter to, RunSummary summary)
    {
        if (summary.Capture is { } capture)
        {
            long lost = Counters.Drops.Sum(counter => capture.Losses.Sum(counter.Read));
            IEnumerable<Counter<CaptureCounts>> drops = Counters.Drops.Select(
                counter => counter.In<CaptureCounts>(counts => counts.Losses));
            to.WriteLine(Line("lost", Number(lost), $"frames {Parts(drops, capture)}"));
            foreach ((string name, long count, string words) in CounterText.Lines(Counters.Capture, capture).Concat(
                capture.Broker == null ? [] : CounterText.Lines(Counters.Broker, capture.Broker)))
            {
                to.WriteLine(Line(name, Number(count), words));
            }
        }
    }

    /// <summary>What the input says of itself: losses before it was written, and files that were not read to their end.</summary>
    private static void WriteFiles(TextWriter to, RunSummary summary)
    {
        IReadOnlyList<CaptureFile> files = summary.Files ?? [];
        IEnumerable<Counter<IReadOnlyList<CaptureFile>>> drops = Counters.FileDrops.Select(
            counter => counter.In<IReadOnlyList<CaptureFile>>(all => all));
        WriteIfAny(to, "lost before", drops.Sum(counter => counter.Read(files)), $"frames, as the capture states: {Parts(drops, files)}");
        string[] damaged = [.. files.Where(file => file.Failure != null).Select(file => file.Path)];
        WriteIfAny(to, "not whole", damaged.Length, $"of {files.Count} files: {string.Join(", ", damaged)}");
    }

    private static void WriteIfAny(TextWriter to, string name, long count, string details)
    {
        if (count > 0)
        {
            to.WriteLine(Line(name, Number(count), details));
        }
    }

    private static string WhyNoFlows(RunSummary summary)
    {
        string frames = $"0 flows: {Number(summary.Frames)} {(summary.Frames == 1 ? "frame" : "frames")}";
        if (summary is { Frames: 0, FilteredOut: > 0 and var kept })
        {
            return $"0 flows: no frame matches the filter, which kept {(kept == 1 ? "its only frame" : $"all {Number(kept)} frames")} out";
        }

        if (summary.Frames == 0)
        {
            return summary.Capture == null ? "0 flows: the capture holds no frames" : "0 flows: no frame came";
        }

        FrameCounts counts = summary.Counts.Frames;
        (long Count, string Words)[] reasons =
        [
            .. Counters.Skipped.Select(counter => (counter.Read(counts), counter.Words!)),
            (counts.OutsideProfile, $"left out by profile {summary.Profile}"),
            (summary.Metered - counts.OutsideProfile, $"in flows of fewer than {summary.MinPackets} packets"),
        ];
        reasons = [.. reasons.Where(reason => reason.Count > 0)];
        string most = counts switch
        {
            { TopUnknownType: { } type } when IsMost(counts[DecodeResult.NonIp]) => type <= 1500
                ? "; most without IP are LLC frames"
                : string.Create(CultureInfo.InvariantCulture, $"; most without IP have EtherType 0x{type:x4}"),
            { TopProtocolOutside: { } protocol } when IsMost(counts.OutsideProfile) =>
                string.Create(CultureInfo.InvariantCulture, $"; most left out have IP protocol {protocol}"),
            _ => "",
        };
        return (reasons.Length == 1 ? $"{frames}, all {reasons[0].Words}" : $"{frames}: {Parts(reasons)}") + most;

        bool IsMost(long count) => reasons.All(reason => reason.Count <= count);
    }

    private static string Line(string name, string value, string details) =>
        string.Join(
            Environment.NewLine,
            Lines(details, Width - Indent).Select((line, i) => $"{(i == 0 ? $"{name,-15}{value,14}" : ""),-Indent}{line}".TrimEnd()));

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

    private static string Bytes(long value) => value switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.0} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.0} kB"),
        _ => $"{value} bytes",
    };
}
