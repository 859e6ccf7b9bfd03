using System.Net;
using System.Text;
using System.Text.Json;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;
using FlowMeter.Tests.Watch;

namespace FlowMeter.Tests.Cli.Page;

public sealed class PageSiteTests : IDisposable
{
    private const string Hostile = "<img src=x onerror=alert(1)>.pcap";

    private readonly RunWatch _run;
    private readonly PageSite _site;

    public PageSiteTests()
    {
        FlowWatch flows = WatchedRuns.Run(
            [.. PageRuns.Talk("192.0.2.50", 5000, 4), .. PageRuns.Talk("192.0.2.51", 5001, 40), .. PageRuns.Talk("192.0.2.52", 5002, 400)]);
        _run = new RunWatch($"reading {Hostile}", flows, () => new RunSample(1000, 10, 2000, 0, 5, 0, 0, 1, 3, 1, 1 << 20));
        _site = new PageSite(_run, new PageAccess(new IPEndPoint(IPAddress.Loopback, 9477), null));
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_page_has_the_figures_without_any_script()
    {
        string page = Ask("/");
        Assert.Contains("<dt>packets</dt>", page, StringComparison.Ordinal);
        Assert.Contains("10 in all", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/flow?n=3\">", page, StringComparison.Ordinal);
        Assert.Contains("192.0.2.52:5002", page, StringComparison.Ordinal);
        Assert.Contains("<noscript>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/flow?n=1")]
    [InlineData("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")]
    public void Text_of_strangers_is_never_markup(string target)
    {
        string page = Ask(target);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_answer_forbids_what_the_page_does_not_need()
    {
        Assert.All(["/", "/nothing", "/page.js", "/events"], target =>
        {
            HttpAnswer answer = _site.Answer(Request(target));
            Assert.Contains(
                "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';", answer.Fields,
                StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", answer.Fields, StringComparison.Ordinal);
        });
        Assert.Equal("421 Misdirected Request", _site.Answer(HttpRequest.Parse("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"u8)!).Status);
    }

    [Fact]
    public void The_page_loads_what_it_is_served_with_and_nothing_else()
    {
        string markup = Ask("/") + Ask("/flow?n=1");
        string page = markup + Ask("/page.js") + Ask("/page.css") + Ask("/uplot.css");
        Assert.DoesNotMatch("(src|href)=\"(?!/[^/]|/\")", markup);
        Assert.DoesNotMatch("url\\(|@import|innerHTML|insertAdjacent|document\\.write|\\beval\\b", page);
    }

    [Fact]
    public void What_the_browser_has_already_is_not_sent_again()
    {
        HttpAnswer first = _site.Answer(Request("/uplot.js"));
        string tag = first.Fields.Split("\r\n")[0]["ETag: ".Length..];
        HttpAnswer second = _site.Answer(Request("/uplot.js", $"If-None-Match: {tag}\r\n"));
        Assert.Equal(("200 OK", "304 Not Modified"), (first.Status, second.Status));
        Assert.True(first.Body.Length > 50_000);
        Assert.Empty(second.Body);
        Assert.Equal("200 OK", _site.Answer(Request("/uplot.js", "If-None-Match: \"an-older-one\"\r\n")).Status);
    }

    [Theory]
    [InlineData("/flows.json", "3 2 1")]
    [InlineData("/flows.json?sort=bytes&order=asc", "1 2 3")]
    [InlineData("/flows.json?sort=source", "3 2 1")]
    [InlineData("/flows.json?q=192.0.2.51", "2")]
    [InlineData("/flows.json?q=nobody", "")]
    [InlineData("/flows.json?sort=nonsense&order=x", "3 2 1")]
    public void Flows_are_searched_and_sorted_by_the_address(string target, string expected)
    {
        using JsonDocument flows = JsonDocument.Parse(Ask(target));
        string[] numbers = [.. flows.RootElement.GetProperty("flows").EnumerateArray().Select(row => row.GetProperty("number").ToString())];
        Assert.Equal(expected, string.Join(' ', numbers));
        Assert.Equal(numbers, flows.RootElement.GetProperty("values").EnumerateArray().Select(row => row.GetProperty("number").ToString()));
        string[] lines = Ask(target.Replace("json", "csv", StringComparison.Ordinal)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(numbers, lines.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public void Headings_sort_the_other_way_at_the_second_time()
    {
        Assert.Contains(
            "aria-sort=\"descending\"><a href=\"/?q=&amp;sort=bytes&amp;order=asc#flows\"", Ask("/?sort=bytes"), StringComparison.Ordinal);
        Assert.Contains(
            "aria-sort=\"ascending\"><a href=\"/?q=&amp;sort=bytes&amp;order=desc#flows\"", Ask("/?sort=bytes&order=asc"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_has_its_columns_its_reasons_and_its_neighbours()
    {
        string page = Ask("/flow?n=1");
        Assert.Contains("<th scope=\"row\">bytes</th>", page, StringComparison.Ordinal);
        Assert.Contains("<ul class=\"pushes\"><li><code>", page, StringComparison.Ordinal);
        Assert.Contains("/flow?n=3", page, StringComparison.Ordinal);
        Assert.Equal("192.0.2.50", JsonDocument.Parse(Ask("/flow.json?n=1")).RootElement.GetProperty("src_ip").GetString());
        Assert.All(["/flow?n=9", "/flow?n=-1", "/flow?n=%2B1", "/flow?n=%201", "/flow?n=", "/flow", "/flow.json?n=x"], target =>
            Assert.Equal("404 Not Found", _site.Answer(Request(target)).Status));
    }

    [Fact]
    public void An_event_comes_with_each_sample_and_with_the_end()
    {
        Assert.Null(_site.NextEvent());
        _run.Series.Add(new RunSample(2000, 20, 4000, 0, 5, 0, 0, 1, 3, 1, 1 << 20));
        using JsonDocument now = JsonDocument.Parse(Encoding.UTF8.GetString(_site.NextEvent()!)["data: ".Length..]);
        Assert.Equal(20, now.RootElement.GetProperty("sample")[1].GetInt64());
        Assert.False(now.RootElement.GetProperty("over").GetBoolean());
        Assert.Null(_site.NextEvent());
        _run.Finish();
        Assert.Contains("\"over\":true", Encoding.UTF8.GetString(_site.NextEvent()!), StringComparison.Ordinal);
        Assert.Null(_site.NextEvent());
    }

    private static HttpRequest Request(string target, string fields = "") =>
        HttpRequest.Parse(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost:9477\r\n{fields}\r\n"))!;

    private string Ask(string target)
    {
        HttpAnswer answer = _site.Answer(Request(target));
        Assert.Equal("200 OK", answer.Status);
        return Encoding.UTF8.GetString(answer.Body);
    }
}
