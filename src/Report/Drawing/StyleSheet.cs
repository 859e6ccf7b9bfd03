namespace FlowMeter.Report.Drawing;

/// <summary>The style sheets of reports.</summary>
internal static class StyleSheet
{
    /// <summary>Colours, and what charts look like: a chart alone has it, too.</summary>
    public static string OfCharts { get; } = Read("chart.css");

    /// <summary>What the rest of a page looks like.</summary>
    public static string OfPages { get; } = Read("report.css");

    private static string Read(string name)
    {
        using StreamReader reader = new(typeof(StyleSheet).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
