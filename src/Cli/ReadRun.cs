using System.Diagnostics;
using FlowMeter.Engine.Export;
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
        using SecondPass? second = SecondPass.Open(choices, plan, stop.Token);
        using OutputFile output = OutputFile.Open(choices.Output);
        using OutputFile? summaryFile = choices.Summary == null ? null : OutputFile.Open(choices.Summary);
        plan = plan with { Options = plan.Options with { Journal = second?.Journal } };
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
        Exception? failure = damage;
        if (second != null && closed == null && stop.ExitCode == null)
        {
            try
            {
                summary = summary with { Split = second.Run(plan, process.Totals, damage, stop.Token) };
            }
            catch (Exception e) when (e is CaptureException or OutputException or InsufficientMemoryException)
            {
                // Also then the table is whole, and has its summary.
                failure = e;
            }
        }

        if (summaryFile != null)
        {
            summary.Save(summaryFile);
        }

        if (closed != null)
        {
            throw second == null ? closed : new OutputException($"{choices.SecondPassOption}: nothing is written, since the reader of the table went away; give the table a file with -o.");
        }

        // Off a terminal damage is one line, which says all there is to do.
        if (!choices.Quiet && (damage == null || isTold))
        {
            SummaryText.Write(Console.Error, summary);
        }

        return failure == null ? stop.ExitCode ?? ExitCode.Done : throw failure;
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
                foreach ((string option, string? path, _) in choices.Outputs)
                {
                    FileArgument.RejectSame(option, path, file, "an input file");
                }
            }

            if (choices.SecondPassOption is { } twice && (file == Savefile.StandardInput || new FileInfo(file).Length == 0))
            {
                throw new UsageException($"{twice}: reads its input twice, and {file} is a pipe or empty; record it to a file first.");
            }
        }

        RejectSameOutputs(choices.Outputs);
        if (choices.Filter != null)
        {
            FilteredSource.Check(choices.Filter);
        }

        return bytes;
    }

    private static void RejectSameOutputs((string Option, string? Path, string What)[] outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            foreach ((_, string? path, string what) in outputs[..i].Where(output => output.Path != null))
            {
                FileArgument.RejectSame(outputs[i].Option, outputs[i].Path, path!, what);
            }
        }
    }

    private static void Warn(string message) => Console.Error.WriteLine($"flowmeter: warning: {message}");
}
