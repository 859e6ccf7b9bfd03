using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Queries;
using Verdict = FlowMeter.Engine.Flow.Verdict;

namespace FlowMeter.Cli.View;

/// <summary>
/// Writes rows as a table for people: fitted to the width of a line, numbers at the right, verdicts in colour. The first rows settle the
/// widths; what is wider later is cut. Memory is bounded by a page of rows.
/// </summary>
/// <param name="output">Where it goes; stays the caller's.</param>
/// <param name="settings">How it is drawn.</param>
/// <param name="flows">Joins columns of a table of flows to fewer ones; null: each column as it is.</param>
internal sealed class TableView(RowOutput output, ViewSettings settings, FlowView? flows = null) : IResultSink
{
    private const int FirstPage = 500;
    private const int FlushFrom = 32 << 10;
    private const string Plain = "\x1b[0m";
    private const string Bold = "\x1b[1m";
    private const string Red = "\x1b[1;31m";
    private const string Yellow = "\x1b[33m";

    private readonly List<byte[]> _page = [];
    private readonly FieldRow _row = new();
    private readonly StringBuilder _lines = new();
    private IReadOnlyList<ViewColumn> _columns = [];
    private IReadOnlyList<(ViewColumn Column, int Width)>? _layout;

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<QueryColumn> columns) => _columns = flows?.Columns ?? PlainView.Of(columns, settings.HasUnicode);

    /// <inheritdoc/>
    public void Add(FieldRow row)
    {
        if (_layout == null)
        {
            _page.Add(row.Written().ToArray());
            if (_page.Count == FirstPage)
            {
                Settle();
            }

            return;
        }

        WriteRow(row);
        if (_lines.Length >= FlushFrom)
        {
            Send();
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Settle();
        Send();
    }

    /// <summary>Writes the heading and the first rows, whose widths all others get.</summary>
    private void Settle()
    {
        if (_layout != null)
        {
            return;
        }

        int[] wanted = new int[_columns.Count];
        foreach (byte[] row in _page)
        {
            _row.Read(row);
            for (int i = 0; i < wanted.Length; i++)
            {
                wanted[i] = Math.Max(wanted[i], CellText.WidthOf(_columns[i].Format(_row, int.MaxValue)));
            }
        }

        _layout = ViewLayout.Fit(_columns, wanted, settings.Width);
        WriteHeading();
        output.Begin(Encoding.UTF8.GetBytes(_lines.ToString()));
        _lines.Clear();
        foreach (byte[] row in _page)
        {
            _row.Read(row);
            WriteRow(_row);
        }

        _page.Clear();
    }

    private void WriteHeading()
    {
        _lines.Append(settings.HasColour ? Bold : "");
        WriteLine(column => column.Title, isHeading: true);
        if (settings.HasColour)
        {
            _lines.Insert(_lines.Length - 1, Plain);
        }
    }

    private void WriteRow(FieldRow row) => WriteLine(column => null, isHeading: false, row);

    private void WriteLine(Func<ViewColumn, string?> title, bool isHeading, FieldRow? row = null)
    {
        int last = _layout!.Count - 1;
        for (int i = 0; i <= last; i++)
        {
            (ViewColumn column, int width) = _layout[i];
            string text = title(column) ?? column.Format(row!, width);
            text = settings.Width == 0 ? text : CellText.Cut(text, width, settings.HasUnicode);
            int blanks = Math.Max(width - CellText.WidthOf(text), 0);
            _lines.Append(' ', (i > 0 ? 1 : 0) + (column.IsRight ? blanks : 0));
            string colour = isHeading || !column.IsVerdict || !settings.HasColour ? "" : ColourOf(text);
            _lines.Append(colour).Append(text).Append(colour.Length > 0 ? Plain : "");
            _lines.Append(' ', column.IsRight || i == last ? 0 : blanks);
        }

        _lines.Append('\n');
    }

    private void Send()
    {
        if (_lines.Length > 0)
        {
            output.Write(Encoding.UTF8.GetBytes(_lines.ToString()));
            _lines.Clear();
        }
    }

    private static string ColourOf(string verdict) =>
        verdict == VerdictText.Name(Verdict.Malicious) ? Red
        : verdict == VerdictText.Name(Verdict.Undecided) ? Yellow
        : "";
}
