using System.Diagnostics;
using System.Globalization;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli;

/// <summary>One run of <c>flowmeter read</c>, from the checks before the first byte to the summary after the last.</summary>
internal static class ReadRun
{
    // Below this much input the start of further threads costs more than they give.
    private const long ParallelFrom = 64 << 20;

    // A folder of unsorted files is one mistake, not thousands.
    private const int MostOverlapsTold = 5;

    /// <summary>Meters the files. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(ReadChoices choices)
    {
        long inputBytes = CheckInputs(choices);
        int workers = choices.IsStreamed || inputBytes < ParallelFrom ? 1 : Math.Clamp(Environment.ProcessorCount, 1, 16);
        MeteringPlan plan = MeteringPlan.Of(choices.Metering, workers, choices.IsStreamed);
        InputProgress progress = new();
        using StopSignal stop = new();
        int overlaps = 0;
        using CaptureFiles files = new(choices.Files, file => Savefile.Open(file, Warn, progress, stop.Token), (file, before, time) => Tell(choices, file, before, time, ref overlaps));
        if (!choices.Quiet && choices.Files.Contains("-") && !Console.IsInputRedirected)
        {
            Terminal.Error.WriteLine("flowmeter: waits for a capture on standard input, as from tcpdump -w - | flowmeter read -; Ctrl-C ends it");
        }

        OpenFirst(files, choices, stop);
        choices = choices with { Files = [.. files.Files.Select(file => file.Path)] };
        using PacketOutputs? second = PacketOutputs.Open(choices, plan, stop.Token);
        using OutputFile output = OutputFile.Open(choices.Output);
        using OutputFile? summaryFile = choices.Summary == null ? null : OutputFile.Open(choices.Summary);
        using FilteredSource? filtered = choices.Filter == null ? null : new FilteredSource(files, choices.Filter);
        files.Admit = filtered == null ? null : filtered.Prepare;
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, output, second?.Index);
        Stopwatch clock = Stopwatch.StartNew();
        OutputException? closed = null;
        bool isTold = !choices.Quiet && Terminal.IsWatched;
        using (ProgressLine? line = isTold ? new ProgressLine(process.Totals, progress, choices.IsStreamed ? null : inputBytes) : null)
        {
            try
            {
                process.Run((IPacketSource?)filtered ?? files, stop.Token);
            }
            catch (OutputException e) when (e.IsClosedPipe)
            {
                // The reader has seen enough and the run ends quietly; who asked for a summary gets the one of what was metered by then.
                closed = e;
            }
        }

        files.Stop();
        RunSummary summary = RunSummary.Of(process.Totals, plan, clock.Elapsed) with { Flows = output.Rows, Files = FileSummary.Of(files), FilteredOut = filtered?.Dropped };
        Exception? failure = InputFailure.Of(files, summary, output);
        if (second != null && closed == null && stop.ExitCode == null)
        {
            try
            {
                summary = summary with { Split = second.Run(plan, process.Totals, files, failure == null, stop.Token) };
            }
            catch (Exception e) when (e is CaptureException or OutputException or InsufficientMemoryException)
            {
                // The summary is that of the first pass.
                failure = e is CaptureException && output.Partial is { } rows ? new CaptureException($"{e.Message} The rows are in {rows}.", e) : e;
            }
        }

        // A run that failed leaves no table under its name: what was metered stays in NAME.partial. The summary is about the run, and has its name whatever became of it.
        if (closed == null && (failure == null || failure is OutputException { IsClosedPipe: true }))
        {
            output.Complete();
        }

        if (summaryFile != null)
        {
            summary.Save(summaryFile);
        }

        if (closed != null)
        {
            throw second == null ? closed : new OutputException($"{choices.SecondPassOption}: nothing is written, since the reader of the table went away; give the table a file with -o.");
        }

        InputWarnings.Write(Warn, summary, filtered);

        // Off a terminal the failure of a single file is one line, which says all there is to do.
        if (!choices.Quiet && (failure == null || isTold || files.Files.Count > 1))
        {
            SummaryText.Write(Terminal.Error, summary);
        }

        return failure == null ? stop.ExitCode ?? ExitCode.Done : throw failure;
    }

    /// <summary>Says at once what is wrong with a file, since the run goes on; where it is the only one, its failure is the run's last word.</summary>
    private static void Tell(ReadChoices choices, CaptureFile file, CaptureFile? before, long time, ref int overlaps)
    {
        if (before != null && ++overlaps > MostOverlapsTold)
        {
            if (overlaps == MostOverlapsTold + 1)
            {
                Warn("further files begin before the one before them ended; they are not named.");
            }
        }
        else if (before != null)
        {
            Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Path} begins {time / 1e9:0.######} s before {before.Path} ended: {(choices.IsSorted ? "the two overlap; mergecap joins them packet by packet" : "flows that cross the border may be torn or turned round; --sort reads files in order")}."));
        }
        else if (choices.Files.Length > 1)
        {
            Terminal.Error.WriteLine($"flowmeter: {file.Failure!.Message}");
        }
    }

    private static void OpenFirst(CaptureFiles files, ReadChoices choices, StopSignal stop)
    {
        try
        {
            files.Look(choices.IsSorted);
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
            if (Savefile.IsStream(file) && choices.IsSorted)
            {
                throw new UsageException($"--sort: when {file} begins is not known before it is read, since it is a pipe; name files only.");
            }

            if (!Savefile.IsStream(file))
            {
                bytes += new FileInfo(file).Length;
                foreach ((string option, string? path, _) in choices.Outputs)
                {
                    FileArgument.RejectSame(option, path, file, "an input file");
                }
            }

            if (choices.SecondPassOption is { } twice && Savefile.IsStream(file))
            {
                throw new UsageException($"{twice}: reads its input twice, and {file} is a pipe; record it to a file first.");
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

    private static void Warn(string message) => Terminal.Error.WriteLine($"flowmeter: warning: {message}");
}
