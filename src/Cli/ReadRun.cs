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
        using IPacketSource source = Open(choices, progress, stop.Token);
        using OutputFile output = OutputFile.Open(choices.Output);
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, output);
        Stopwatch clock = Stopwatch.StartNew();
        bool isTold = !choices.Quiet && !Console.IsErrorRedirected;
        CaptureException? damage = null;
        using (ProgressLine? line = isTold ? new ProgressLine(process.Totals, progress, choices.IsStreamed ? null : inputBytes) : null)
        {
            try
            {
                process.Run(source, stop.Token);
            }
            catch (CaptureException e)
            {
                damage = e;
            }
        }

        // What came before a damage is metered and written like the rest; only the exit code and its line tell.
        output.Complete();
        RunSummary summary = RunSummary.Of(process.Totals, plan, clock.Elapsed);
        if (choices.Summary != null)
        {
            summary.Save(choices.Summary);
        }

        if (damage != null)
        {
            throw damage;
        }

        if (!choices.Quiet)
        {
            SummaryText.Write(Console.Error, summary);
        }

        return stop.ExitCode ?? ExitCode.Done;
    }

    private static long CheckInputs(ReadChoices choices)
    {
        long bytes = 0;
        foreach (string file in choices.Files)
        {
            Savefile.Check(file);
            if (file != Savefile.StandardInput)
            {
                bytes += new FileInfo(file).Length;
                if (choices.Output != OutputFile.StandardOutput && Path.GetFullPath(file) == Path.GetFullPath(choices.Output))
                {
                    throw new UsageException($"-o {choices.Output}: is an input file, too; choose another name for the table.");
                }
            }
        }

        if (choices.Filter != null)
        {
            FilteredSource.Check(choices.Filter);
        }

        return bytes;
    }

    private static IPacketSource Open(ReadChoices choices, InputProgress progress, CancellationToken stop)
    {
        IPacketSource source = new SourceSequence(choices.Files, file => Savefile.Open(file, Warn, progress, stop));
        return choices.Filter == null ? source : new FilteredSource(source, choices.Filter);
    }

    private static void Warn(string message) => Console.Error.WriteLine($"flowmeter: warning: {message}");
}
