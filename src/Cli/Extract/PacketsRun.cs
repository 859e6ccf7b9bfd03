using System.Globalization;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Extract;

/// <summary>
/// One run of <c>flowmeter packets</c>: the captures are metered to find the flows, and read again to copy the packets that were metered
/// for them.
/// </summary>
internal static class PacketsRun
{
    /// <summary>Writes the packets. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(PacketsChoices choices)
    {
        using StopSignal stop = new();
        return stop.Run(() =>
        {
            Run(choices, new Notes(choices.Quiet), stop.Token);
            return stop.ExitCode ?? ExitCode.Done;
        });
    }

    private static void Run(PacketsChoices choices, Notes notes, CancellationToken stop)
    {
        Check(choices);
        MeteringPlan plan = MeteringPlan.From(choices.Metering, workers: 1, flushesEarly: false);
        RunSandbox.Enter(choices.IsSandboxed, choices.Files, choices.Output);
        if (plan.Warning is { } warning)
        {
            Notes.Warn(warning);
        }

        FlowSelection selection = new(
            choices.Flows.Select(flow => flow.Row).OfType<long>(), choices.Flows.Select(flow => flow.CommunityId).OfType<string>());
        using VerdictIndex index = new() { Selection = selection };
        InputProgress read = new();
        long? bytes = 2 * FileArgument.BytesOf(choices.Files);
        byte[] header = JoinedFileHeader.Load(choices.Files, stop);
        CaptureException? failure = Meter(choices, plan, index, read, bytes, notes, stop);
        if (selection.Missing.ToArray() is { Length: > 0 } missing && (failure == null || selection.Found == 0))
        {
            throw new CaptureException($"--flow {string.Join(", ", missing)}: no such flow among {selection.Flows} of "
                + $"{string.Join(", ", choices.Files)}; the options must be those of the table.");
        }

        Tell(selection, notes);
        using OutputFile output = OutputFile.Open(choices.Output);
        CaptureSplit split = new(header, null, null, output);
        using CaptureFiles files = Open(choices, read, _ => { }, stop);
        using FilteredSource? filter = FilterOf(choices, files);
        CaptureException? damage;
        using (notes.Show(
            "packets", () => (split.Suspicious.Frames + split.Benign.Frames, ProgressLine.ShareOf(read, bytes)), () => (read.Bytes, null)))
        {
            damage = SecondPass.Run(files, filter, plan.Options.Flow, index, null, split, stop);
        }

        stop.ThrowIfCancellationRequested();
        if ((failure ?? damage ?? files.Failed.FirstOrDefault()?.Failure) is { } incomplete)
        {
            string kept = output.Partial is { } partial ? $" The packets are in {partial}." : "";
            throw new CaptureException(incomplete.Message + kept, incomplete);
        }

        output.Complete();
        notes.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{split.Selected.Frames:#,0} packets of {selection.Found:#,0} flow{(selection.Found == 1 ? "" : "s")}, "
                + $"{split.Selected.Bytes:#,0} bytes"));
    }

    private static void Check(PacketsChoices choices)
    {
        foreach (string file in choices.Files)
        {
            Savefile.Check(file);
            if (Savefile.IsStream(file))
            {
                throw new UsageException($"{file}: is a pipe, and captures are read twice; record it to a file first.");
            }
        }

        if (choices.Output == OutputPath.StandardOutput && Terminal.IsOutputTerminal)
        {
            throw new UsageException("-o -: packets are no text for a terminal; name a file with -o, or pipe them to tshark -r -.");
        }

        if (choices.Filter != null)
        {
            FilteredSource.Check(choices.Filter);
        }
    }

    /// <summary>Meters the captures. Returns what is wrong with one of them; null if all are whole.</summary>
    private static CaptureException? Meter(
        PacketsChoices choices, MeteringPlan plan, VerdictIndex index, InputProgress read, long? bytes, Notes notes, CancellationToken stop)
    {
        using CaptureFiles files = Open(choices, read, Notes.Warn, stop);
        using FilteredSource? filter = FilterOf(choices, files);
        MeteringOptions options = plan.Options with { KeepsOrder = plan.Options.Workers == 1 };
        using MeteringProcess process = new(plan.Profile, options, plan.Model, output: null, index);
        using (notes.Show(
            "packets", () => (process.Totals.Frames.Frames, ProgressLine.ShareOf(read, bytes)), () => (read.Bytes, process.Totals.Flows)))
        {
            process.Run((IPacketSource?)filter ?? files, stop);
        }

        stop.ThrowIfCancellationRequested();
        files.Stop();
        return process.Totals.FlowsByReason(FlowEndReason.LackOfResources) is > 0 and var flows
            ? throw new CaptureException($"{flows} flows ended for lack of memory, and which packets were theirs can not be told; give "
                + "more with --max-flows or --max-history.")
            : files.Failed.FirstOrDefault()?.Failure;
    }

    private static CaptureFiles Open(PacketsChoices choices, InputProgress read, Action<string> warn, CancellationToken stop) =>
        new(choices.Files, file => Savefile.Open(file, warn, read, stop));

    private static FilteredSource? FilterOf(PacketsChoices choices, CaptureFiles files)
    {
        FilteredSource? filter = choices.Filter == null ? null : new FilteredSource(files, choices.Filter);
        files.Admit = filter == null ? null : filter.Prepare;
        return filter;
    }

    private static void Tell(FlowSelection selection, Notes notes)
    {
        foreach (string flow in selection.Described)
        {
            notes.Note(flow);
        }

        if (selection.Found > selection.Described.Count)
        {
            notes.Note(string.Create(CultureInfo.InvariantCulture, $"and {selection.Found - selection.Described.Count:#,0} more flows"));
        }

        foreach ((string id, long flows) in selection.Repeated)
        {
            notes.Note(string.Create(
                CultureInfo.InvariantCulture, $"{flows:#,0} flows have the Community ID {id}; the packets of all are written"));
        }
    }
}
