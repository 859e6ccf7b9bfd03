using System.Text;
using FlowMeter.Cli.Shell;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.View;

/// <summary>The columns of any table for people: each as it is, numbers with units.</summary>
internal static class PlainView
{
    private const int NarrowText = 15;
    private const int MaxTitle = 24;

    /// <summary>The columns. Where they do not fit, the last ones are left out.</summary>
    public static IReadOnlyList<ViewColumn> Of(IReadOnlyList<QueryColumn> columns, bool hasUnicode) =>
        [.. columns.Select((column, place) => Of(column, place, hasUnicode) with { Worth = -place })];

    private static ViewColumn Of(QueryColumn column, int place, bool hasUnicode)
    {
        string title = CellText.Cut(CellText.From(Encoding.UTF8.GetBytes(column.Name), hasUnicode), MaxTitle, hasUnicode);
        return column.Kind switch
        {
            QueryKind.Number when column.Seconds > 0 => Number(title, value => ShortNumber.Seconds(value * column.Seconds, hasUnicode)),
            QueryKind.Number when column.IsBytes => Number(title, ShortNumber.Bytes),
            _ when column.IsProtocol => new ViewColumn(title, (row, _) => FlowView.ProtocolOf(row[place], hasUnicode)),
            QueryKind.Number => Number(title, ShortNumber.Plain),
            QueryKind.Time => new ViewColumn(title, (row, width) => ShortTime.From(row[place], width, hasUnicode))
            {
                Narrowest = ShortTime.Narrowest,
                Steps = ShortTime.Widths,
            },
            _ => new ViewColumn(title, (row, _) => CellText.From(row[place], hasUnicode))
            {
                Narrowest = NarrowText,
                IsVerdict = column.Name == "verdict",
            },
        };

        ViewColumn Number(string heading, Func<double, string> format) => new(
            heading,
            (row, _) => row[place].IsEmpty ? "" : NumberText.TryParse(row[place], out double value) && double.IsFinite(value)
                ? format(value)
                : CellText.From(row[place], hasUnicode))
        {
            IsRight = true,
        };
    }
}
