namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// <c>flowmeter report</c>: from a capture to a page with the binary alone. What the page looks like, a browser is asked in tests/Report.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void A_metered_capture_becomes_one_page_that_needs_no_network()
    {
        string table = _folder["flows.csv"];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", table).Succeeded();
        FlowMeterBinary.Run("report", table, "-o", _folder["report.html"]).Succeeded();
        string page = File.ReadAllText(_folder["report.html"]);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        Assert.All(
            ["Verdicts", "Over time", "Top talkers", "Feature profiles"],
            title => Assert.Contains($"<h2>{title}", page, StringComparison.Ordinal));
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        string fromPipe = Launched.Start("sh", "-c", "\"$0\" report - < \"$1\"", FlowMeterBinary.Path!, table).AwaitEnd()
            .Succeeded().Output;
        Assert.Equal(page.Replace("flows.csv", "standard input", StringComparison.Ordinal), fromPipe);
    }

    [BinaryFact]
    public void What_is_no_table_is_refused_in_one_line_and_leaves_no_page()
    {
        string page = _folder["report.html"];
        Assert.Equal(
            $"flowmeter: {Samples.Office}: is not a table of text; if it is a capture, flowmeter read makes a table of it.",
            FlowMeterBinary.Run("report", Samples.Office, "-o", page).EndedWith(1).OnlyLine());
        string empty = _folder.Write("empty.csv", string.Empty);
        Assert.Equal(
            $"flowmeter: {empty}: is empty; a table has at least a header.",
            FlowMeterBinary.Run("report", empty, "-o", page).EndedWith(1).OnlyLine());
        Assert.Equal(
            $"flowmeter: {_folder["none.csv"]}: no such file; check the path.",
            FlowMeterBinary.Run("report", _folder["none.csv"], "-o", page).EndedWith(1).OnlyLine());
        Assert.False(File.Exists(page));
    }
}
