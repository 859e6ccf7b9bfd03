using System.Text.RegularExpressions;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Watch;
using FlowMeter.Tests.Cli.Watch;

namespace FlowMeter.Tests.Cli.Page;

/// <summary>The markup of the page: what a person sees where no script runs.</summary>
public sealed class PageHtmlTests
{
    [Fact]
    public void Problems_are_shown_while_there_are_some()
    {
        using RunWatch run = PageRuns.Capture("eth0 is down", "the disk is <full>");
        Has(Page(run), "aria-label=\"Problems\"><li>eth0 is down</li><li>the disk is &lt;full&gt;</li></ul>");
        Has(Page(run), "role=\"status\">As of when the page was loaded.</p>");
        run.Finish();
        Has(Page(run), "aria-label=\"Problems\" hidden></ul>");
        Has(Page(run), "role=\"status\">The run is over.</p>");
    }

    [Fact]
    public void What_is_bad_is_marked_and_nothing_else()
    {
        using RunWatch run = PageRuns.Capture();
        Has(Page(run), "<div class=\"tile bad\"><dt>dropped</dt>");
        Has(Page(run), "<div class=\"tile\"><dt>packets</dt>");
        Has(Page(run), "<tr class=\"malicious\" ><th scope=\"row\"><a href=\"/flow?n=3\">");
        Has(Page(run), "<td class=\"n\" >2</td>");
    }

    [Fact]
    public void Only_flows_have_a_page_of_their_own()
    {
        using RunWatch run = PageRuns.Capture();
        Has(Page(run), "<th scope=\"row\">192.0.2.52</th>");
        Assert.Equal(3, Regex.Count(Page(run), "href=\"/flow\\?n=[1-3]\""));
        Assert.Equal(3, Regex.Count(Page(run), "href=\"/flow\\?n="));
    }

    [Fact]
    public void A_search_stands_in_its_field_and_behind_every_link()
    {
        using RunWatch run = PageRuns.Capture();
        string page = PageHtml.Run(run, new FlowQuery("a&b", FlowOrder.Bytes, IsAscending: true)).ToString();
        Has(page, "name=\"q\" value=\"a&amp;b\"");
        Has(page, "name=\"sort\" value=\"bytes\"");
        Has(page, "name=\"order\" value=\"asc\"");
        Has(page, "href=\"/flows.csv?q=a%26b&amp;sort=bytes&amp;order=asc\"");
        Has(page, "href=\"/flows.json?q=a%26b&amp;sort=bytes&amp;order=asc\"");
        Has(page, "aria-sort=\"none\"><a href=\"/?q=a%26b&amp;sort=packets&amp;order=desc#flows\"");
        Has(page, "aria-sort=\"ascending\"><a href=\"/?q=a%26b&amp;sort=bytes&amp;order=desc#flows\"");
    }

    [Fact]
    public void The_number_of_flows_says_how_many_are_not_shown()
    {
        using RunWatch run = PageRuns.Capture();
        Has(Page(run), "id=\"chart-verdicts\"");
        Assert.Equal("5 of 9 kept flows, the first 0 are shown.", PageHtml.CountOf(run, new FoundFlows([], 5, 9)));
        Assert.Equal("0 of 9 kept flows.", PageHtml.CountOf(run, new FoundFlows([], 0, 9)));
    }

    [Fact]
    public void Without_a_model_nothing_is_judged()
    {
        Profile profile = Profile.Find("flowmeter")!;
        FlowWatch flows = new(profile, new MeteringOptions { Flow = new FlowOptions { Rules = profile.Rules } }, null);
        using RunWatch run = new("reading a file", flows, () => PageRuns.Sample, time: new SecondsByHand());
        Has(Page(run), "There is no model, so no flow is judged.");
        Assert.DoesNotContain("id=\"chart-verdicts\"", Page(run), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_flow_has_each_reason_and_every_value()
    {
        using RunWatch run = PageRuns.Capture();
        FlowDetail detail = run.Flows.Detail(3)!;
        string page = PageHtml.Flow(run, detail).ToString();
        string[] reasons = detail.Flow[FlowTextField.Explanation].Trim('"').Split("; ");
        Assert.True(reasons.Length > 1);
        Assert.All(reasons, reason => Has(page, $"<li><code>{reason}</code></li>"));
        Assert.Equal(run.Flows.Columns.Count, Regex.Count(page, "<tr><th scope=\"row\">[a-z0-9_]+</th><td class=\"n\">"));
        Assert.Matches("<th scope=\"row\">bytes</th><td class=\"n\">4,[0-9]{3}</td>", page);
        Assert.Equal("", PageTable.OfExplanation("").ToString());
        Has(
            PageTable.OfExplanation("\"a=1; b=2, or more\"").ToString(),
            "<ul class=\"pushes\"><li><code>a=1</code></li><li><code>b=2, or more</code></li></ul>");
        string missing = PageTable.OfColumns(run.Flows.Columns, "{\"bytes\":null}"u8.ToArray()).ToString();
        Has(missing, "<th scope=\"row\">bytes</th><td class=\"n\">–</td>");
        string port = PageTable.OfColumns(run.Flows.Columns, "{\"src_port\":44321,\"bytes\":44321}"u8.ToArray()).ToString();
        Has(port, "<th scope=\"row\">src_port</th><td class=\"n\">44321</td>");
        Has(port, "<th scope=\"row\">bytes</th><td class=\"n\">44,321</td>");
    }

    private static string Page(RunWatch run) => PageHtml.Run(run, new FlowQuery()).ToString();

    private static void Has(string page, string markup) => Assert.Contains(markup, page, StringComparison.Ordinal);
}
