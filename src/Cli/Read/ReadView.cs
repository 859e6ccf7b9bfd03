using FlowMeter.Cli.Shell;
using FlowMeter.Cli.View;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.Read;

/// <summary>The flows of <c>flowmeter read</c> as a table for people, shown while they are metered.</summary>
internal sealed class ReadView : IDisposable
{
    /// <summary>A table for people.</summary>
    public const string Table = "table";

    /// <summary>All columns, as CSV.</summary>
    public const string Csv = "csv";

    private readonly OutputFile _output;
    private readonly ViewSettings _settings;
    private TableView? _view;
    private QueryRun? _query;

    /// <summary>Begins a table.</summary>
    /// <param name="output">Where it goes; becomes the view's.</param>
    /// <param name="settings">How it is drawn.</param>
    public ReadView(OutputFile output, ViewSettings settings)
    {
        (_output, _settings) = (output, settings);

        // Rows that come one by one are shown one by one: whoever looks on does not wait for a page.
        Rows = new MeteredRows("the table", Begin, row => _query!.Add(row), () => _view!.Flush());
    }

    /// <summary>Takes the rows of the metering process.</summary>
    public MeteredRows Rows { get; }

    /// <summary>Whether a run shows a table for people.</summary>
    /// <param name="choices">What was typed.</param>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <exception cref="UsageException">What was typed does not fit together.</exception>
    public static bool IsWanted(ReadChoices choices, bool isTerminal)
    {
        string? other = choices.To != null ? "--to" : choices.Collector != null ? "--ipfix"
            : choices.Metering.Format is { } format && format != choices.View ? $"--format {format}"
            : null;
        return choices.View == null ? isTerminal && !choices.IsOutputNamed && other == null
            : other == null || (choices.View == Csv && choices.Metering.Format == Csv) ? choices.View == Table
            : throw new UsageException(
                $"--view {choices.View}: says how the table is shown, and {other} how it is written; leave one out.");
    }

    /// <summary>Shows what is held back.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    public void Complete() => _query!.Complete();

    /// <inheritdoc/>
    public void Dispose()
    {
        _query?.Dispose();
        Rows.Dispose();
        _output.Dispose();
    }

    private void Begin(FlowTableReader table)
    {
        QueryColumns columns = new(table.Columns);
        FlowView flows = new(columns, _settings.HasUnicode);
        _view = new TableView(_output, _settings, flows.IsOfFlows ? flows : null);
        _query = new QueryRun(
            new FlowQuery { Columns = flows.IsOfFlows ? flows.Names : [] }, columns, _view, Path.GetTempPath());
    }
}
