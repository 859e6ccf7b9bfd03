using System.Net;
using System.Text;
using System.Text.Json;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Tests.Cli.Page;

/// <summary>What answers are made of: their fields, their types, and the numbers that the script takes.</summary>
public sealed class PageContentTests : IDisposable
{
    private const string Texts = "src_ip,src_port,dst_ip,dst_port,protocol,verdict,end_reason,connection_state,application,server_name,"
        + "src_name,dst_name,explanation";

    private readonly RunWatch _run = PageRuns.Capture("eth0 is down");
    private readonly PageSite _site;

    public PageContentTests() => _site = new PageSite(_run, new PageAccess(new IPEndPoint(IPAddress.Loopback, 9477), null));

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("/", "localhost")]
    [InlineData("/page.js", "localhost")]
    [InlineData("/events", "localhost")]
    [InlineData("/nothing", "localhost")]
    [InlineData("/", "evil.example")]
    public void An_answer_or_a_refusal_says_what_a_browser_must_not_do_with_it(string target, string host)
    {
        string[] fields = Ask(target, host).Fields.Split("\r\n");
        Assert.All(
            [
                "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                "X-Content-Type-Options: nosniff",
                "Referrer-Policy: no-referrer",
                "Cross-Origin-Resource-Policy: same-origin",
                "Cross-Origin-Opener-Policy: same-origin",
                "",
            ],
            field => Assert.Contains(field, fields));
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8", "no-store")]
    [InlineData("/flow?n=1", "text/html; charset=utf-8", "no-store")]
    [InlineData("/flow.json?n=1", "application/json", "no-store")]
    [InlineData("/flows.json", "application/json", "no-store")]
    [InlineData("/series.json", "application/json", "no-store")]
    [InlineData("/flows.csv", "text/csv; charset=utf-8", "no-store")]
    [InlineData("/events", "text/event-stream", "no-store")]
    [InlineData("/nothing", "text/plain; charset=utf-8", "no-store")]
    [InlineData("/page.js", "text/javascript; charset=utf-8", "no-cache")]
    [InlineData("/page.css", "text/css; charset=utf-8", "no-cache")]
    [InlineData("/icon.svg", "image/svg+xml", "no-cache")]
    [InlineData("/uplot-license.txt", "text/plain; charset=utf-8", "no-cache")]
    public void An_answer_is_of_its_type_and_only_a_file_is_kept(string target, string type, string cache)
    {
        HttpAnswer answer = Ask(target);
        Assert.Equal((type, cache, target == "/events"), (answer.MediaType, answer.CacheControl, answer.IsStream));
    }

    [Fact]
    public void Every_file_has_a_tag_of_its_own()
    {
        string[] tags = [.. PageAsset.All.Values.Select(asset => asset.Tag)];
        Assert.True(tags.Length > 4);
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.All(tags, tag => Assert.Matches("^\"[0-9a-f]+-[0-9a-f]+\"$", tag));
    }

    [Fact]
    public void The_counters_have_their_names()
    {
        using JsonDocument series = JsonDocument.Parse(Ask("/series.json").Body);
        Assert.Equal(
            ["time", "packets", "bytes", "dropped", "flows", "live", "not_written", "benign", "malicious", "undecided", "memory"],
            series.RootElement.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(
            [1000L, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            Assert.Single(series.RootElement.GetProperty("samples").EnumerateArray()).EnumerateArray().Select(value => value.GetInt64()));
    }

    [Fact]
    public void An_event_has_what_the_script_shows()
    {
        string stream = Encoding.UTF8.GetString(Ask("/events").Body);
        Assert.StartsWith("retry: 1000\n\ndata: {", stream, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", stream, StringComparison.Ordinal);
        using JsonDocument now = JsonDocument.Parse(stream["retry: 1000\n\ndata: ".Length..]);
        JsonElement root = now.RootElement;
        Assert.Equal(3, root.GetProperty("newest").GetInt64());
        Assert.Equal("[1000,2,3,4,5,6,7,8,9,10,11]", root.GetProperty("sample").GetRawText());
        Assert.Equal("[\"eth0 is down\"]", root.GetProperty("problems").GetRawText());
        Assert.Equal(
            ["dropped", "not written"],
            root.GetProperty("figures").EnumerateArray().Where(figure => figure[3].GetBoolean()).Select(figure => figure[0].GetString()));
        Assert.Equal(
            WatchTables.Hosts(_run.Flows, 15).Rows.Select(row => row.Mark),
            root.GetProperty("hosts").EnumerateArray().Select(row => row.GetProperty("mark").GetString()));
        Assert.Equal(
            WatchTables.Talkers(_run.Flows, 15).Rows.Select(row => row.Cells[0]),
            root.GetProperty("talkers").EnumerateArray().Select(row => row.GetProperty("cells")[0].GetString()));

        // The script knows by it that another run has the address now.
        string id = root.GetProperty("run").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Contains(id, Encoding.UTF8.GetString(Ask("/events").Body), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_has_the_same_values_in_both_files()
    {
        WatchedFlow flow = _run.Flows.Find(new FlowQuery()).Flows[0];
        Assert.NotEqual(flow.Packets, flow.Bytes);
        using JsonDocument flows = JsonDocument.Parse(Ask("/flows.json").Body);
        JsonElement root = flows.RootElement;
        Assert.Equal("3 of 3 kept flows.", root.GetProperty("found").GetString());
        Assert.Equal(3, root.GetProperty("newest").GetInt64());
        Assert.Equal("malicious", root.GetProperty("flows")[0].GetProperty("mark").GetString());
        JsonElement values = root.GetProperty("values")[0];
        Assert.Equal(
            "number,first,last,packets,bytes,score," + Texts, string.Join(',', values.EnumerateObject().Select(value => value.Name)));
        string[] head =
            ["3", $"{flow.First}", $"{flow.Last}", $"{flow.Packets}", $"{flow.Bytes}", values.GetProperty("score").GetRawText()];
        Assert.Equal(flow.Score, values.GetProperty("score").GetDouble());
        Assert.Equal(head, values.EnumerateObject().Take(head.Length).Select(value => value.Value.GetRawText()));
        string[] texts = ["192.0.2.52", "5002", "192.0.2.1", "53", "udp", "malicious"];
        Assert.Equal(texts, values.EnumerateObject().Skip(head.Length).Take(texts.Length).Select(value => value.Value.GetString()));

        string[] lines = Encoding.UTF8.GetString(Ask("/flows.csv").Body).Split('\n');
        Assert.Equal("number,first_ns,last_ns,packets,bytes,score," + Texts, lines[0]);
        Assert.StartsWith(string.Join(',', head) + "," + string.Join(',', texts) + ",", lines[1], StringComparison.Ordinal);
    }

    private HttpAnswer Ask(string target, string host = "localhost") =>
        _site.Answer(HttpRequest.Parse(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"))!);
}
