namespace FlowMeter.Cli.View;

/// <summary>Which columns of a table fit a line, and how wide each is.</summary>
internal static class ViewLayout
{
    /// <summary>
    /// Fits columns: wide ones give way down to their narrowest, then the one that is worth least is left out. One column stays whatever
    /// the width.
    /// </summary>
    /// <param name="columns">The columns.</param>
    /// <param name="wanted">The width that the first rows of each want.</param>
    /// <param name="width">The columns of a line; 0: no bound.</param>
    /// <returns>The columns that are shown, with their widths, in their order.</returns>
    public static IReadOnlyList<(ViewColumn Column, int Width)> Fit(
        IReadOnlyList<ViewColumn> columns, IReadOnlyList<int> wanted, int width)
    {
        (ViewColumn Column, int Width, int Least)[] fitted = [.. columns.Select((column, i) => Bounds(column, wanted[i], width > 0))];
        if (width > 0)
        {
            while (fitted.Length > 1 && Sum(fitted.Select(column => column.Least)) > width)
            {
                int least = fitted.Min(column => column.Column.Worth);
                int last = Array.FindLastIndex(fitted, column => column.Column.Worth == least);
                fitted = [.. fitted.Where((_, i) => i != last)];
            }

            for (int over = Sum(fitted.Select(column => column.Width)) - width; over > 0; over--)
            {
                int widest = 0;
                for (int i = 1; i < fitted.Length; i++)
                {
                    widest = fitted[i].Width - fitted[i].Least > fitted[widest].Width - fitted[widest].Least ? i : widest;
                }

                fitted[widest].Width--;
            }
        }

        return [.. fitted.Select(column => (column.Column, StepOf(column.Column, Math.Max(column.Width, 1), width > 0)))];
    }

    private static (ViewColumn Column, int Width, int Least) Bounds(ViewColumn column, int wanted, bool isBounded)
    {
        wanted = Math.Max(isBounded && column.Steps is [int largest, ..] ? Math.Min(wanted, largest) : wanted, column.Title.Length);
        return (
            column,
            isBounded ? Math.Max(wanted, column.Typical) : wanted,
            Math.Max(column.Title.Length, column.Narrowest == 0 ? wanted : Math.Min(column.Narrowest, wanted)));
    }

    private static int StepOf(ViewColumn column, int width, bool isBounded) =>
        isBounded && column.Steps.FirstOrDefault(step => step <= width && step >= column.Title.Length) is > 0 and var step ? step : width;

    private static int Sum(IEnumerable<int> widths) => widths.Sum() + widths.Count() - 1;
}
