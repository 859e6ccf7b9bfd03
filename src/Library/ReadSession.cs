using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text;
using FlowMeter.Cli;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Read;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Summary;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Metering;

namespace FlowMeter.Library;

/// <summary>
/// A run of <c>flowmeter read</c> whose rows are batches that a caller takes one after the other, while threads of its own meter ahead by a
/// few. For one caller at a time.
/// </summary>
internal sealed class ReadSession : IDisposable
{
    // Metering goes on while the caller works at a batch; more would only be memory.
    private const int BatchesAhead = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<FlowBatch> _batches = new(BatchesAhead);
    private readonly List<string> _warnings = [];
    private readonly ReadPlan _plan;
    private readonly CaptureFiles _files;
    private readonly FilteredSource? _filtered;
    private readonly MeteringProcess _process;
    private readonly Thread _thread;
    private FlowBatch? _next;
    private volatile Exception? _failure;

    /// <summary>Begins a run.</summary>
    /// <param name="arguments">What would stand behind <c>flowmeter read</c>: files and options, none of which writes a file.</param>
    /// <exception cref="UsageException">The arguments do not fit together.</exception>
    /// <exception cref="CaptureException">A file can not be read.</exception>
    public ReadSession(IReadOnlyList<string> arguments)
    {
        ReadChoices choices = ChoicesOf(arguments);
        _plan = ReadPlan.From(choices, ReadRun.BytesOf);
        if (_plan.Metering.Warning is { } warning)
        {
            Warn(warning);
        }

        FileNotes notes = new(choices, Warn, Warn);
        _files = new CaptureFiles(
            choices.Files, file => Savefile.Open(file, Warn, new InputProgress(), _stop.Token), notes.Tell);
        try
        {
            _files.Look(choices.IsSorted);
            _filtered = choices.Filter == null ? null : new FilteredSource(_files, choices.Filter);
            _files.Admit = _filtered == null ? null : _filtered.Prepare;
            MeteringPlan metering = _plan.Metering;
            Schema = RunSchema.Of(metering.Profile, metering.Options, metering.Model);
            _process = new MeteringProcess(
                metering.Profile, metering.Options, metering.Model, features => new BatchSink(_batches, Schema, features, _stop.Token));
        }
        catch
        {
            _files.Dispose();
            throw;
        }

        _thread = new Thread(Run) { Name = "flowmeter read", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What a row is made of.</summary>
    public TableSchema Schema { get; }

    /// <summary>What went wrong, once <see cref="Next"/> has come to the end; null if nothing did.</summary>
    public Exception? Failure => _failure;

    /// <summary>What was warned of so far.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
            {
                return [.. _warnings];
            }
        }
    }

    /// <summary>The counters as <c>--summary</c> writes them; null before the end.</summary>
    public string? Summary { get; private set; }

    /// <summary>Waits until <see cref="Next"/> would not wait. False: it still would.</summary>
    public bool Wait(int milliseconds)
    {
        if (_next != null || _batches.IsCompleted)
        {
            return true;
        }

        _batches.TryTake(out _next, milliseconds);
        return _next != null || _batches.IsCompleted;
    }

    /// <summary>The next batch, which becomes the caller's; null at the end.</summary>
    public FlowBatch? Next()
    {
        _ = Wait(Timeout.Infinite);
        FlowBatch? next = _next;
        _next = null;
        return next;
    }

    /// <summary>Ends the run, whether or not it has come to its end.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _next?.Dispose();
        while (_batches.TryTake(out FlowBatch? batch))
        {
            batch.Dispose();
        }

        _batches.Dispose();
        _stop.Dispose();
    }

    private static ReadChoices ChoicesOf(IReadOnlyList<string> arguments)
    {
        ParseResult parsed = Commands.Root().Parse(["read", .. arguments]);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException(TypingError.Describe(parsed));
        }

        if (parsed.CommandResult.Command is not ReadCommand read || parsed.Action != read.Action)
        {
            throw new UsageException("only the files and options of flowmeter read are taken here.");
        }

        ReadChoices choices = read.ChoicesOf(parsed);
        if (choices.Outputs.FirstOrDefault(output => output.Path != "-") is { } output)
        {
            throw new UsageException($"{output.Option}: rows are handed over here and no file is written; leave it out.");
        }

        return choices.Files.Contains("-")
            ? throw new UsageException("-: standard input belongs to the program that calls; name a file or a pipe.")
            : choices;
    }

    private void Warn(string warning)
    {
        lock (_warnings)
        {
            _warnings.Add(warning);
        }
    }

    private void Run()
    {
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            _process.Run((IPacketSource?)_filtered ?? _files, _stop.Token);
            _files.Stop();
            RunSummary summary = RunSummary.From(new RunCounts(_process.Totals), _plan.Metering, clock.Elapsed) with
            {
                Files = _files.Files,
                FilteredOut = _filtered?.Dropped,
            };
            InputWarnings.Write(Warn, summary, _filtered);
            _failure = InputFailure.Find(_files, summary, null);
            Summary = Encoding.UTF8.GetString(summary.ToJson());
        }
        catch (Exception e)
        {
            // Told to the caller with the end of the batches.
            _failure = e;
        }
        finally
        {
            _batches.CompleteAdding();
        }

        // What was metered may outlive the run for long, and the tables of flows are large.
        _process.Dispose();
        _filtered?.Dispose();
        _files.Dispose();
    }
}
