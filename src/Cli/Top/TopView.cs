using System.Globalization;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Top;

/// <summary>Draws a run on a terminal: lines of as many columns as there are, and never more lines than there are rows.</summary>
/// <param name="hasUnicode">Whether more than ASCII is shown.</param>
/// <param name="hasColours">Whether colours are used.</param>
internal sealed class TopView(bool hasUnicode, bool hasColours)
{
    private const string Plain = "\x1b[0m";
    private const string Bold = "\x1b[1m";
    private const string Reversed = "\x1b[7m";
    private const int MaxHosts = 6;
    private const int WidestCell = 42;
    private const string Gap = "  ";

    private readonly TopText _text = new(hasUnicode);

    /// <summary>The lines of a picture.</summary>
    /// <param name="run">The run.</param>
    /// <param name="state">What the viewer has chosen.</param>
    /// <param name="message">What was said last; empty: nothing.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Its rows.</param>
    public IReadOnlyList<string> Draw(RunWatch run, TopState state, string message, int width, int height)
    {
        List<string> lines = [Reversed + _text.Fit(Title(run, state), width) + Plain];
        lines.AddRange(Figures(run, width));
        lines.AddRange(run.Problems.Take(2).Select(problem => Bad(_text.Fit($"! {problem}", width))));
        if (message.Length > 0)
        {
            lines.Add(_text.Fit(message, width));
        }

        if (state.ShowsHelp)
        {
            lines.Add("");
            lines.AddRange(TopKeys.All.Select(key => _text.Fit($"  {key.Key,-20} {key.Meaning}", width)));
        }
        else
        {
            // A third of the rows for each of the hosts' tables, if that is not more than they need; the flows have the rest.
            int hosts = Math.Clamp((height - lines.Count - 6) / 4, 1, MaxHosts);
            lines.AddRange(Table(WatchTables.Talkers(run.Flows, hosts), "TOP TALKERS", width));
            lines.AddRange(Table(WatchTables.Hosts(run.Flows, hosts), "HOSTS", width));
            int left = Math.Max(height - lines.Count - 3, 1);
            FoundFlows found = run.Flows.Find(new FlowQuery(Order: state.Order, IsAscending: state.IsAscending, Max: left));
            string title = string.Create(
                CultureInfo.InvariantCulture,
                $"SUSPICIOUS FLOWS, {found.Kept}, by {Name(state.Order)} {(state.IsAscending ? "upwards" : "downwards")}");
            lines.AddRange(Table(WatchTables.Flows(run.Flows, found.Flows), title, width));
        }

        return [.. lines.Take(height)];
    }

    private static string Title(RunWatch run, TopState state) => string.Create(
        CultureInfo.InvariantCulture,
        $" flowmeter: {run.Title}{(run.IsOver ? ", done" : "")}{(state.IsPaused ? " [held: p goes on]" : "")}   "
            + $"q leaves, ? shows the keys");

    private static string Name(FlowOrder order) => order switch
    {
        FlowOrder.Time => "time",
        FlowOrder.Source => "source",
        FlowOrder.Destination => "destination",
        FlowOrder.Packets => "packets",
        FlowOrder.Bytes => "bytes",
        FlowOrder.Duration => "duration",
        _ => "score",
    };

    /// <summary>Figures, as many in a line as fit.</summary>
    private List<string> Figures(RunWatch run, int width)
    {
        const int Cell = 26;
        int columns = Math.Max(width / Cell, 1);
        List<string> lines = [];
        foreach (WatchFigure[] part in WatchTables.Figures(run).Chunk(columns))
        {
            lines.Add(string.Concat(part.Select(figure => Figure(figure, Math.Min(Cell, width)))));
        }

        return lines;
    }

    private string Figure(WatchFigure figure, int width)
    {
        string cell = _text.Fit($" {figure.Name} {figure.Value}", width);
        return figure.IsBad ? Bad(cell) : cell;
    }

    /// <summary>
    /// A table: its title, its headings, its rows. Columns are as wide as what is in them; where they do not fit, the last ones are cut
    /// or left out.
    /// </summary>
    private List<string> Table(WatchTable table, string title, int width)
    {
        List<(int Place, int Width)> columns = [];
        int used = 0;
        foreach ((int place, WatchColumn column) in table.Columns.Index())
        {
            int wanted = Math.Min(table.Rows.Select(row => row.Cells[place].Length).Append(column.Name.Length).Max(), WidestCell);
            int given = Math.Min(wanted, width - used - (used > 0 ? Gap.Length : 0));
            if (given < Math.Min(wanted, 4))
            {
                break;
            }

            columns.Add((place, given));
            used += given + (used > 0 ? Gap.Length : 0);
        }

        return
        [
            "",
            (hasColours ? Bold : "") + _text.Fit(title, Math.Min(width, title.Length)) + (hasColours ? Plain : ""),
            string.Join(Gap, columns.Select(column => _text.Fit(
                table.Columns[column.Place].Name, column.Width, table.Columns[column.Place].IsNumber))),
            .. table.Rows.Select(row => Marked(row, string.Join(Gap, columns.Select(column => _text.Fit(
                row.Cells[column.Place], column.Width, table.Columns[column.Place].IsNumber))))),
        ];
    }

    private string Marked(WatchRow row, string line) => row.Mark == "malicious" ? Bad(line) : line;

    private string Bad(string line) => hasColours ? $"\x1b[31m{line}{Plain}" : line;
}
