using System.Diagnostics;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Summary;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Cli.View;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Read;

/// <summary>One run of <c>flowmeter read</c>, from the checks before the first byte to the summary after the last.</summary>
internal static class ReadRun
{
    /// <summary>Meters the files. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(ReadChoices choices)
    {
        ReadPlan plan = ReadPlan.From(choices, BytesOf, Terminal.IsOutputTerminal);
        ViewSettings? settings = plan.IsView ? ViewSettings.Of(choices.Color, choices.Output) : null;
        using LivePage? page = LivePage.Open(choices.Page, choices.PageTokenFile);
        MeteringPlan metering = LivePage.Fit(page, plan.Metering);
        using BrokerOutput? broker = choices.To == null ? null : BrokerOutput.Prepare(choices.To, TimeProvider.System);
        using CollectorPeer? collector = choices.Collector == null ? null : CollectorPeer.Find(choices.Collector);
        RunSandbox.Enter(
            choices.IsSandboxed, choices.Files, BrokerOptions.ConnectionsOf(broker, collector),
            choices.Outputs.Select(output => output.Path), answers: page != null);
        AnonymizeOption.Check(choices.Metering, choices.HeadersOnly, choices.SplitOption, Notes.Warn);
        if (metering.Warning is { } warning)
        {
            Notes.Warn(warning);
        }

        InputProgress progress = new();
        using StopSignal stop = new();
        FileNotes notes = new(choices, Notes.Warn, Notes.Tell);
        using CaptureFiles files = new(
            choices.Files, file => Savefile.Open(file, Notes.Warn, progress, stop.Token),
            notes.Tell);
        if (!choices.Quiet && choices.Files.Contains("-") && !Console.IsInputRedirected)
        {
            Notes.Tell(
                "waits for a capture on standard input, as from tcpdump -w - | flowmeter read -; Ctrl-C ends it");
        }

        OpenFirst(files, choices, stop);
        choices = choices with { Files = [.. files.Files.Select(file => file.Path)] };
        using PacketOutputs? second = PacketOutputs.Open(choices, stop.Token);
        OutputFile? table = broker == null && collector == null
            ? OutputFile.Open(choices.Output, metering.Options.Export.Encoding.Framing)
            : null;
        using ReadView? view = settings == null ? null : new ReadView(table!, settings);
        using RowOutput output = view?.Rows ?? (RowOutput?)table
            ?? (collector != null ? CollectorOutput.Open(collector, TimeProvider.System)
            : (RowOutput)broker!.OpenForFiles(BrokerOptions.OriginOf(choices.To!, metering), TimeProvider.System, Notes.Tell));
        using OutputFile? hostsFile = choices.Hosts == null ? null : OutputFile.Open(choices.Hosts);
        HostTable? hosts = hostsFile == null
            ? null
            : new HostTable(hostsFile, metering.Model, plan.InputBytes == null ? metering.Options.Flow.Rules.IdleTimeout : null);
        using OutputFile? summaryFile = choices.Summary == null ? null : OutputFile.Open(choices.Summary);
        using FilteredSource? filtered = choices.Filter == null ? null : new FilteredSource(files, choices.Filter);
        files.Admit = filtered == null ? null : filtered.Prepare;
        FlowWatch? watch = page == null ? null : new FlowWatch(metering.Profile, metering.Options, metering.Model);
        using MeteringProcess process = new(
            metering.Profile, metering.Options, metering.Model, output, new FlowObservers(second?.Index, hosts, watch));
        Notes runNotes = new(choices.Quiet);
        using RunWatch? run = watch == null
            ? null
            : new RunWatch(
                $"reading {string.Join(", ", choices.Files)}", watch, () => RunSample.Take(process.Totals, losses: null, notWritten: 0));
        page?.Serve(run!, runNotes);
        Stopwatch clock = Stopwatch.StartNew();
        OutputException? closed = null;
        bool isTold = !choices.Quiet && Terminal.IsWatched;
        using (ProgressLine? line = isTold && !(plan.IsView && Terminal.IsOutputTerminal)
            ? new ProgressLine(
                "packets", () => (process.Totals.Frames.Frames, ProgressLine.ShareOf(progress, plan.InputBytes)),
                () => (progress.Bytes, process.Totals.Flows))
            : null)
        {
            try
            {
                process.Run((IPacketSource?)filtered ?? files, stop.Token);
                view?.Complete();
            }
            catch (OutputException e) when (e.IsClosedPipe)
            {
                // The reader has seen enough and the run ends quietly; who asked for a summary gets the one of what was metered by then.
                closed = e;
            }
        }

        files.Stop();
        RunSummary summary = RunSummary.From(new RunCounts(process.Totals, output.Rows), metering, clock.Elapsed) with
        {
            Files = files.Files,
            FilteredOut = filtered?.Dropped,
            Hosts = hosts,
        };
        Exception? failure = InputFailure.Find(files, summary, table);
        try
        {
            hosts?.WriteAll();
        }
        catch (OutputException e)
        {
            // The summary is that of the flows, whatever became of the hosts.
            failure ??= e;
        }

        // What the system failed to read it may read the second time, and then there would be more than was metered.
        bool isReadable = files.Failed.All(file => file.Failure!.Fault != CaptureFault.Unreadable);
        if (second != null && closed == null && isReadable && stop.ExitCode == null)
        {
            try
            {
                summary = summary with { Split = second.Run(metering, process.Totals, files, failure == null, stop.Token) };
            }
            catch (Exception e) when (e is CaptureException or OutputException or InsufficientMemoryException)
            {
                // The summary is that of the first pass.
                failure = e is CaptureException && table?.Partial is { } rows
                    ? new CaptureException($"{e.Message} The rows are in {rows}.", e)
                    : e;
            }
        }

        // A run that failed leaves no table under its name: what was metered stays in NAME.partial. The summary is about the run, and has
        // its name whatever became of it.
        bool isWhole = closed == null && (failure == null || failure is OutputException { IsClosedPipe: true });
        if (isWhole || broker != null)
        {
            (table ?? output).Complete();
        }

        if (isWhole)
        {
            hostsFile?.Complete();
        }

        if (summaryFile != null)
        {
            summary.Save(summaryFile);
        }

        if (closed != null)
        {
            throw second == null ? closed : new OutputException($"{choices.SecondPassOption}: nothing is written, since the reader of the "
                + "table went away; give the table a file with -o.");
        }

        InputWarnings.Write(Notes.Warn, summary, filtered);

        // Off a terminal the failure of a single file is one line, which says all there is to do.
        if (!choices.Quiet && (failure == null || isTold || files.Files.Count > 1))
        {
            SummaryText.Write(Terminal.Error, summary);
        }

        if (failure != null)
        {
            throw failure;
        }

        int code = stop.ExitCode ?? ExitCode.Done;
        page?.Stay(run!, stop, runNotes);
        return code;
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

    /// <summary>The bytes of a file that can be read; null for a pipe.</summary>
    internal static long? BytesOf(string file)
    {
        Savefile.Check(file);
        return Savefile.IsStream(file) ? null : new FileInfo(file).Length;
    }
}
