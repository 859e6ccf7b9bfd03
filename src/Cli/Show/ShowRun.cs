using System.Globalization;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.View;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.Show;

/// <summary>One run of <c>flowmeter show</c>.</summary>
internal sealed class ShowRun : IDisposable
{
    private readonly ShowChoices _choices;
    private readonly Notes _notes;
    private readonly string _folder;
    private readonly TableEncoding? _encoding;
    private readonly ViewSettings _view;
    private readonly AnonymizationKey? _key;
    private OutputFile? _output;
    private IResultSink? _sink;
    private QueryRun? _query;

    private ShowRun(ShowChoices choices)
    {
        _choices = choices;
        _notes = new Notes(choices.Quiet);
        _encoding = AnswerFormat.Of(choices.Format, choices.Output, Terminal.IsOutputTerminal);
        _view = ViewSettings.Of(choices.Color, choices.Output);

        _key = choices.Metering.AnonymizeKey == null ? null : AnonymizeOption.Load(choices.Metering.AnonymizeKey);

        // Where there is room for the answer there is room for what it is made of.
        _folder = choices.Output == OutputPath.StandardOutput || OutputPath.IsStream(choices.Output)
            ? Path.GetTempPath()
            : Path.GetDirectoryName(Path.GetFullPath(OutputPath.FollowLinks(choices.Output))) ?? Path.GetTempPath();
    }

    private bool IsTable => _encoding == null;

    /// <summary>Answers the query. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(ShowChoices choices)
    {
        using StopSignal stop = new();
        return stop.Run(() =>
        {
            using ShowRun run = new(choices);
            run.Run(stop.Token);
            return stop.ExitCode ?? ExitCode.Done;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _query?.Dispose();
        _output?.Dispose();
    }

    private void Run(CancellationToken stop)
    {
        RunSandbox.Enter(
            _choices.IsSandboxed, [_choices.File, _choices.Metering.ModelPath], _choices.Output, Path.Join(_folder, "flowmeter.tmp"));
        bool isCapture = Savefile.IsCapture(_choices.File);
        if (!isCapture && _choices.CaptureOption is { } option)
        {
            throw new UsageException($"{option}: is for captures, and {_choices.File} is none; leave it out.");
        }

        try
        {
            CaptureException? failure = null;
            long rows = isCapture ? Meter(stop, out failure) : Read(stop);
            _query!.Complete();
            if (failure != null)
            {
                // What could be read has its answer, but not under the name of a whole one.
                string kept = _output!.Partial is { } partial ? $" The rows are in {partial}." : "";
                throw new CaptureException(failure.Message + kept, failure);
            }

            _output!.Complete();
            _notes.Note(string.Create(
                CultureInfo.InvariantCulture, $"{rows:#,0} flows, {_query.Matched:#,0} match, {_query.Shown:#,0} ")
                + (_choices.Query.By.Count > 0 ? "groups" : "shown"));
        }
        catch (QueryException e)
        {
            throw QueryFault.From(e, _choices.Query.Expression);
        }
        catch (OperationCanceledException)
        {
            // Half an answer looks like a whole one.
            _output?.Discard();
            throw;
        }
    }

    /// <summary>Reads a table. Returns its number of rows.</summary>
    private long Read(CancellationToken stop)
    {
        InputProgress read = new();
        using FlowTableReader table = FlowTableReader.Open(_choices.File, _notes.Note, read, stop);
        Begin(table);
        long? bytes = FileArgument.BytesOf([_choices.File]);
        using (ShowProgress("rows", () => (table.Rows, ProgressLine.ShareOf(read, bytes)), () => (read.Bytes, null)))
        {
            while (!_query!.IsDone && table.Read())
            {
                _query.Add(table);
            }
        }

        return table.Rows;
    }

    /// <summary>Meters a capture. Returns its number of flows.</summary>
    /// <param name="stop">Ends the metering.</param>
    /// <param name="failure">Why the capture could not be read to its end; null if it was, or the answer was complete before.</param>
    private long Meter(CancellationToken stop, out CaptureException? failure)
    {
        // Addresses are replaced behind the expression, of a capture as of a table.
        MeteringPlan plan = MeteringPlan.From(_choices.Metering with { AnonymizeKey = null }, workers: 1, flushesEarly: false);
        bool explains = IsTable && plan.Model != null && _choices.Query.Columns.Count + _choices.Query.By.Count == 0;
        MeteringOptions options = plan.Options with
        {
            KeepsOrder = plan.Options.Workers == 1,
            Export = plan.Options.Export with { Explain = Math.Max(plan.Options.Export.Explain, explains ? 1 : 0) },
        };
        if (plan.Warning is { } warning)
        {
            Notes.Warn(warning);
        }

        InputProgress read = new();
        long? bytes = FileArgument.BytesOf([_choices.File]);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CaptureFiles files = new([_choices.File], file => Savefile.Open(file, Notes.Warn, read, done.Token));
        using FilteredSource? filter = _choices.Filter == null ? null : new FilteredSource(files, _choices.Filter);
        files.Admit = filter == null ? null : filter.Prepare;
        using MeteredRows rows = new(_choices.File, table => Begin(table, options.KeepsOrder), row =>
        {
            _query!.Add(row);
            if (_query.IsDone)
            {
                done.Cancel();
            }
        });
        using (MeteringProcess process = new(plan.Profile, options, plan.Model, rows))
        using (ShowProgress(
            "packets", () => (process.Totals.Frames.Frames, ProgressLine.ShareOf(read, bytes)), () => (read.Bytes, process.Totals.Flows)))
        {
            process.Run((IPacketSource?)filter ?? files, done.Token);
        }

        stop.ThrowIfCancellationRequested();
        files.Stop();
        failure = done.IsCancellationRequested ? null : files.Failed.FirstOrDefault()?.Failure;
        return rows.Rows;
    }

    /// <summary>Prepares the query and its answer, once the columns are known.</summary>
    private void Begin(FlowTableReader table, bool numbersRows = true)
    {
        QueryColumns columns = new(table.Columns, numbersRows);
        FlowQuery query = _choices.Query;
        FlowView? view = IsTable && query.Columns.Count + query.By.Count == 0 ? new FlowView(columns, _view.HasUnicode) : null;
        view = view is { IsOfFlows: true } ? view : null;
        _output = OutputFile.Open(_choices.Output, _encoding?.Framing);
        RowOutput plain = _encoding?.Before(_output) ?? _output;
        _sink = IsTable ? new TableView(_output, _view, view)
            : _encoding!.Format == TableFormat.Csv ? new CsvResult(plain)
            : new JsonLinesResult(plain);
        _query = new QueryRun(
            view == null ? query : query with { Columns = view.Names }, columns, _sink, _folder,
            anonymizer: _key == null ? null : new RowAnonymizer(_key, columns));
    }

    /// <summary>Shows progress as long as no row does so itself.</summary>
    private ProgressLine? ShowProgress(
        string unit, Func<(double Count, double? Share)> done, Func<(long Bytes, long? Flows)> input) =>
        _choices.Output == OutputPath.StandardOutput && Terminal.IsOutputTerminal && !_query!.Waits
            ? null
            : _notes.Show(unit, done, input);
}
