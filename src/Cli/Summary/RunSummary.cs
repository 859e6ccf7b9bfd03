using System.Text.Json;
using System.Text.Json.Serialization;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli.Summary;

/// <summary>The counters of a run as <c>--summary</c> writes them. frames = metered + all skipped, always.</summary>
internal sealed record RunSummary
{
    /// <summary>The profile of the table.</summary>
    public required string Profile { get; init; }

    /// <summary>Frames read.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames metered.</summary>
    public required long Metered { get; init; }

    /// <summary>Frames skipped, by reason; all reasons are there.</summary>
    public required Dictionary<string, long> Skipped { get; init; }

    /// <summary>Metered frames that the profile leaves out of every flow.</summary>
    public required long OutsideProfile { get; init; }

    /// <summary>Flows that ended; all of them are written, but for the overruns of a live capture's sink.</summary>
    public required long Flows { get; init; }

    /// <summary>Flows by end reason; all reasons are there. More than <see cref="Flows"/> only where the reader of a pipe went away before it had them all.</summary>
    public required Dictionary<string, long> FlowsByEndReason { get; init; }

    /// <summary>Flows that ended because their history could not grow; they are among those that ended for lack of resources.</summary>
    public required long FlowsWithoutRoom { get; init; }

    /// <summary>Flows left out because of --min-packets.</summary>
    public required long FlowsBelowMinPackets { get; init; }

    /// <summary>Flows that profile deepfence leaves out, as the Go program does: their last packet is older than their first.</summary>
    public required long FlowsBackwards { get; init; }

    /// <summary>The most flows that were live at a time.</summary>
    public required long PeakFlows { get; init; }

    /// <summary>Packets older than the newest of their flow.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Times that were wrong by more than a minute, or a clock that was set back; those in a row counted once (SPEC §2).</summary>
    public required long ClockJumps { get; init; }

    /// <summary>Wire bytes of the metered frames.</summary>
    public required long Bytes { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Frames a second.</summary>
    public required double PacketsPerSecond { get; init; }

    /// <summary>The packet of a flow at which it was judged; null where that was its last.</summary>
    public required long? DecideAfter { get; init; }

    /// <summary>The model that judged; null without one.</summary>
    public required string? Model { get; init; }

    /// <summary>The least packets of a flow that the model judges; others are undecided.</summary>
    [JsonIgnore]
    public long JudgedFrom { get; init; }

    /// <summary>Flows by verdict; null without a model.</summary>
    public required Dictionary<string, long>? Verdicts { get; init; }

    /// <summary>The share of traffic that needs no deeper look: in flows judged benign, where flows are judged early after the decision; null without a model.</summary>
    public required SparedShares? DataReduction { get; init; }

    /// <summary>Workers of the run.</summary>
    public required int Workers { get; init; }

    /// <summary>The least packets a flow needed to come out.</summary>
    public required long LeastPackets { get; init; }

    /// <summary>What <c>--write-suspicious</c>, <c>--write-benign</c> and <c>--forward-to</c> gave; null without them.</summary>
    public SplitSummary? Split { get; init; }

    /// <summary>Frames that are longer than 1.5 times the MTU of any Ethernet: offloading put packets together before they were captured.</summary>
    public required long LongFrames { get; init; }

    /// <summary>The most frequent EtherType of frames without IP, at most 1500 for LLC; null where none was seen.</summary>
    public required int? UnknownEtherType { get; init; }

    /// <summary>The most frequent IP protocol that the profile leaves out; null where none was.</summary>
    public required int? ProtocolOutsideProfile { get; init; }

    /// <summary>A link type that frames were skipped for, by number; null where there was none.</summary>
    public required int? UnsupportedLinkType { get; init; }

    /// <summary>Frames that <c>--filter</c> kept out, which no other counter has; null without one, or where the kernel filters.</summary>
    public long? FilteredOut { get; init; }

    /// <summary>The input files, in the order in which they were read; null for a live capture.</summary>
    public FileSummary[]? Files { get; init; }

    /// <summary>What was lost of live interfaces, and where; null for files.</summary>
    public CaptureSummary? Capture { get; init; }

    /// <summary>Takes the counters of a run.</summary>
    public static RunSummary Of(MeteringTotals totals, MeteringPlan plan, TimeSpan elapsed)
    {
        FrameCounts frames = totals.Frames;
        return new RunSummary
        {
            Profile = plan.Profile.Name,
            Frames = frames.Frames,
            Metered = frames[FrameFate.Metered],
            Skipped = new()
            {
                ["non_ip"] = frames[FrameFate.NonIp],
                ["truncated"] = frames[FrameFate.Truncated],
                ["malformed"] = frames[FrameFate.Malformed],
                ["encrypted"] = frames[FrameFate.Encrypted],
                ["unsupported_linktype"] = frames[FrameFate.UnsupportedLinkType],
            },
            OutsideProfile = frames.OutsideProfile,
            Flows = totals.Flows,
            FlowsByEndReason = new()
            {
                ["idle"] = totals.FlowsByReason(FlowEndReason.IdleTimeout),
                ["active"] = totals.FlowsByReason(FlowEndReason.ActiveTimeout),
                ["end"] = totals.FlowsByReason(FlowEndReason.EndOfFlowDetected),
                ["forced"] = totals.FlowsByReason(FlowEndReason.ForcedEnd),
                ["resources"] = totals.FlowsByReason(FlowEndReason.LackOfResources),
            },
            FlowsWithoutRoom = totals.WithoutRoom,
            FlowsBelowMinPackets = totals.BelowMinimum,
            FlowsBackwards = totals.Backwards,
            PeakFlows = totals.PeakFlows,
            OutOfOrder = totals.OutOfOrder,
            ClockJumps = totals.ClockJumps,
            Bytes = frames.Bytes,
            Seconds = elapsed.TotalSeconds,
            PacketsPerSecond = frames.Frames / Math.Max(elapsed.TotalSeconds, 1e-9),
            DecideAfter = plan.Options.Flow.DecideAfter,
            Model = plan.Model?.Name,
            JudgedFrom = plan.Model?.LeastPackets ?? 0,
            Verdicts = totals.HasVerdicts
                ? Enum.GetValues<Verdict>().ToDictionary(verdict => verdict.ToString().ToLowerInvariant(), verdict => totals.ByVerdict(verdict).Flows)
                : null,
            DataReduction = totals.HasVerdicts ? Reduction(totals) : null,
            Workers = plan.Options.Workers,
            LeastPackets = plan.Options.Flow.LeastPackets,
            LongFrames = frames.LongFrames,
            UnsupportedLinkType = frames.UnsupportedLinkType,
            UnknownEtherType = frames.TopUnknownType,
            ProtocolOutsideProfile = frames.TopProtocolOutside,
        };
    }

    /// <summary>Writes the summary as JSON and completes the file.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    public void Save(OutputFile file)
    {
        file.Write(JsonSerializer.SerializeToUtf8Bytes(this, SummaryJson.Default.RunSummary));
        file.Write("\n"u8);
        file.Complete();
    }

    private static SparedShares Reduction(MeteringTotals totals)
    {
        (long packets, long bytes) = totals.Spared;
        FrameCounts frames = totals.Frames;
        return new SparedShares(
            (double)packets / Math.Max(frames[FrameFate.Metered], 1),
            (double)bytes / Math.Max(frames.Bytes, 1));
    }
}

/// <summary>Shares of the metered traffic that needs no deeper look, 0 to 1.</summary>
internal sealed record SparedShares(double Packets, double Bytes);

/// <summary>Serialisers made at compile time: there is no reflection in the native binary.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
