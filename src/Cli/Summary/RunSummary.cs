using System.Globalization;
using System.Text.Json;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Summary;

/// <summary>The result of a run, for <c>--summary</c> and as text: its counters, model and options.</summary>
internal sealed partial record RunSummary
{
    /// <summary>What is to be said of a model that was made for no network in particular.</summary>
    public const string Untuned = "untuned: not a detector for this network; see flowmeter tune";

    /// <summary>The warning about traffic that the model does not know; null where there is nothing to warn of.</summary>
    public static string? DriftWarning(Drift? drift) => drift is { IsLarge: true }
        ? string.Create(CultureInfo.InvariantCulture, $"these flows are not like those the model was trained with: population stability "
            + $"index {drift.Overall:0.00}, where {Drift.Large} and more is another network; its verdicts may be wrong, see flowmeter "
            + $"tune.")
        : null;

    /// <summary>The profile of the table.</summary>
    public required string Profile { get; init; }

    /// <summary>
    /// The counters of the run. Its flows are those that were written: all that ended, but for the overruns of a live capture's sink, or
    /// where the reader of a pipe went away before it had them all.
    /// </summary>
    public required RunCounts Counts { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The packet of a flow at which it was scored; null where that was its last.</summary>
    public required long? DecideAfter { get; init; }

    /// <summary>The model; null without one.</summary>
    public required Model? Model { get; init; }

    /// <summary>Workers of the run.</summary>
    public required int Workers { get; init; }

    /// <summary>The least packets a flow needed to come out.</summary>
    public required long MinPackets { get; init; }

    /// <summary>What <c>--write-suspicious</c>, <c>--write-benign</c> and <c>--forward-to</c> gave; null without them.</summary>
    public DataReduction? Split { get; init; }

    /// <summary>Frames that <c>--filter</c> kept out, which no other counter has; null without one, or where the kernel filters.</summary>
    public long? FilteredOut { get; init; }

    /// <summary>The input files, in the order in which they were read; null for a live capture.</summary>
    public IReadOnlyList<CaptureFile>? Files { get; init; }

    /// <summary>What <c>--hosts</c> wrote; null without it.</summary>
    public HostTable? Hosts { get; init; }

    /// <summary>What was lost of live interfaces, and where; null for files.</summary>
    public CaptureCounts? Capture { get; init; }

    /// <summary>Frames read.</summary>
    public long Frames => Counts.Frames.Frames;

    /// <summary>Frames metered.</summary>
    public long Metered => Counts.Frames[DecodeResult.Metered];

    /// <summary>Frames a second.</summary>
    public double PacketsPerSecond => Frames / Math.Max(Seconds, 1e-9);

    /// <summary>
    /// The shares of packets and of bytes, 0 to 1, that bypass the inspection: those of flows with the verdict benign, behind their
    /// decision point; null without a model.
    /// </summary>
    public (double Packets, double Bytes)? Bypassed
    {
        get
        {
            (long packets, long bytes) = Counts.Totals.Bypassed;
            return Counts.Totals.HasVerdicts
                ? ((double)packets / Math.Max(Metered, 1), (double)bytes / Math.Max(Counts.Frames.Bytes, 1))
                : null;
        }
    }

    /// <summary>Takes the counters of a run.</summary>
    /// <param name="counts">The counters; all workers have ended.</param>
    /// <param name="plan">What was to be done.</param>
    /// <param name="elapsed">How long it took.</param>
    public static RunSummary From(RunCounts counts, MeteringPlan plan, TimeSpan elapsed) => new()
    {
        Profile = plan.Profile.Name,
        Counts = counts,
        Seconds = elapsed.TotalSeconds,
        DecideAfter = plan.Options.Flow.DecideAfter,
        Model = plan.Model,
        Workers = plan.Options.Workers,
        MinPackets = plan.Options.Flow.MinPackets,
    };

    /// <summary>Writes the summary as JSON and completes the file.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    public void Save(OutputFile file)
    {
        // Lines that are on their way may still be lost, and are to be counted.
        Terminal.Error.Settle();
        file.Write(ToJson());
        file.Write("\n"u8);
        file.Complete();
    }

    /// <summary>The summary as JSON, indented. A number or name that there is none of is null.</summary>
    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter to = new(stream, new JsonWriterOptions { Indented = true }))
        {
            to.WriteStartObject();
            WriteMembers(to);
            to.WriteEndObject();
        }

        return stream.ToArray();
    }
}
