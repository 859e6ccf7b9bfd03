using System.Diagnostics;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Cli;

/// <summary>One run of <c>flowmeter read</c>, from the checks before the first byte to the summary after the last.</summary>
internal static class ReadRun
{
    // Below this much input the start of further threads costs more than they give.
    private const long ParallelFrom = 64 << 20;

    /// <summary>Meters the files. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(ReadChoices choices)
    {
        long inputBytes = CheckInputs(choices);
        int workers = choices.IsStreamed || inputBytes < ParallelFrom ? 1 : Math.Clamp(Environment.ProcessorCount, 1, 16);
        MeteringPlan plan = MeteringPlan.Of(choices.Metering, workers, choices.IsStreamed);
        InputProgress progress = new();
        using StopSignal stop = new();
        using SourceSequence files = new(choices.Files, file => Savefile.Open(file, Warn, progress, stop.Token));
        OpenFirst(files, stop);
        using OutputFile output = OutputFile.Open(choices.Output);
        using OutputFile? summaryFile = choices.Summary == null ? null : OutputFile.Open(choices.Summary);
        using OutputFile? packetFile = choices.Packets == null ? null : OutputFile.Open(choices.Packets);
        using FlowJournal? journal = choices.Packets == null ? null : new FlowJournal();
        plan = plan with { Options = plan.Options with { Journal = journal } };
        using FilteredSource? filtered = choices.Filter == null ? null : new FilteredSource(files, choices.Filter);
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, output);
        Stopwatch clock = Stopwatch.StartNew();
        CaptureException? damage = null;
        OutputException? closed = null;
        bool isTold = !choices.Quiet && !Console.IsErrorRedirected;
        using (ProgressLine? line = isTold ? new ProgressLine(process.Totals, progress, choices.IsStreamed ? null : inputBytes) : null)
        {
            try
            {
                process.Run((IPacketSource?)filtered ?? files, stop.Token);
            }
            catch (CaptureException e)
            {
                // What came before the damage is metered, and is as complete as it will ever be: it gets its name and its summary, then the failure is told.
                damage = e;
            }
            catch (OutputException e) when (e.IsClosedPipe)
            {
                // The reader has seen enough and the run ends quietly; who asked for a summary gets the one of what was metered by then.
                closed = e;
            }
        }

        if (closed == null)
        {
            output.Complete();
        }

        RunSummary summary = RunSummary.Of(process.Totals, plan, clock.Elapsed) with { Flows = output.Rows };
        if (summaryFile != null)
        {
            summary.Save(summaryFile);
        }

        if (closed != null)
        {
            throw closed;
        }

        // Off a terminal a failure is one line, which says all there is to do.
        if (!choices.Quiet && (damage == null || isTold))
        {
            SummaryText.Write(Console.Error, summary);
        }

        if (damage != null)
        {
            throw damage;
        }

        if (packetFile != null && stop.ExitCode == null)
        {
            LabelPackets(choices, plan, process.Totals, journal!, packetFile, stop);
        }

        return stop.ExitCode ?? ExitCode.Done;
    }

    /// <summary>The second pass: it reads everything again, and what is worth a warning has been told by the first.</summary>
    private static void LabelPackets(ReadChoices choices, MeteringPlan plan, MeteringTotals totals, FlowJournal journal, OutputFile output, StopSignal stop)
    {
        if (totals.FlowsByReason(FlowEndReason.LackOfResources) is > 0 and var flows)
        {
            throw new CaptureException($"--packets {choices.Packets}: {flows} flows ended for lack of memory, and which packets were theirs can not be told; give more with --max-flows or --max-history.");
        }

        using SourceSequence files = new(choices.Files, file => Savefile.Open(file, _ => { }, new InputProgress(), stop.Token));
        using FilteredSource? filter = choices.Filter == null ? null : new FilteredSource(files, choices.Filter);
        PacketPass.Run(files, filter, plan.Options, journal, output, stop.Token);
        if (stop.ExitCode == null)
        {
            output.Complete();
        }
    }

    private static void OpenFirst(SourceSequence files, StopSignal stop)
    {
        try
        {
            files.OpenFirst();
        }
        catch (OperationCanceledException) when (stop.ExitCode != null)
        {
            // Told to stop while waiting for a pipe's first bytes: the table will be empty.
        }
    }

    /// <summary>Whether files can be metered as typed, before anything is written. Returns their bytes.</summary>
    private static long CheckInputs(ReadChoices choices)
    {
        long bytes = 0;
        foreach (string file in choices.Files)
        {
            Savefile.Check(file);
            if (file != Savefile.StandardInput)
            {
                bytes += new FileInfo(file).Length;
                FileArgument.RejectSame("-o", choices.Output, file, "an input file");
                FileArgument.RejectSame("--summary", choices.Summary, file, "an input file");
                FileArgument.RejectSame("--packets", choices.Packets, file, "an input file");
            }

            if (choices.Packets != null && (file == Savefile.StandardInput || new FileInfo(file).Length == 0))
            {
                throw new UsageException($"--packets: reads its input twice, and {file} is a pipe or empty; record it to a file first.");
            }
        }

        FileArgument.RejectSame("--summary", choices.Summary, choices.Output, "the table's file");
        FileArgument.RejectSame("--packets", choices.Packets, choices.Output, "the table's file");
        if (choices.Summary != null)
        {
            FileArgument.RejectSame("--packets", choices.Packets, choices.Summary, "the summary's file");
        }

        if (choices.Filter != null)
        {
            FilteredSource.Check(choices.Filter);
        }

        return bytes;
    }

    private static void Warn(string message) => Console.Error.WriteLine($"flowmeter: warning: {message}");
}
