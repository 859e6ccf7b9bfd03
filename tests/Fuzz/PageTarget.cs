using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Watch;
using FlowMeter.Tests.Support;
using FlowMeter.Tests.Watch;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// What a browser asks the page for, beyond what the server itself reads: an answer that is well formed and forbids what the page does not
/// need, without markup of a stranger. The bytes: the target of the request, and lines of its header.
/// </summary>
internal static partial class PageTarget
{
    private const string Token = "0123456789abcdef";

    private static readonly Lazy<PageSite[]> s_sites = new(Sites);

    public static void Run(byte[] bytes)
    {
        foreach (PageSite site in s_sites.Value)
        {
            // What has an end of its own would be another request.
            byte[] request = [.. "GET /"u8, .. bytes, .. " HTTP/1.1\r\nHost: localhost:9477\r\n\r\n"u8];
            if (HttpRequest.Parse(request) is { } parsed)
            {
                Check(parsed, site.Answer(parsed), hasToken: site == s_sites.Value[1]);
            }
        }
    }

    private static void Check(HttpRequest request, HttpAnswer answer, bool hasToken)
    {
        Assert.Contains("Content-Security-Policy: default-src 'none';", answer.Fields, StringComparison.Ordinal);
        Assert.All(answer.Fields.Split("\r\n")[..^1], field => Assert.Matches("^[A-Z][A-Za-z-]+: [ -~]+$", field));
        bool isKnown = request.Query("token") == Token || Uri.UnescapeDataString(request.Cookie("flowmeter-9477") ?? "") == Token
            || (request.Field("Authorization") ?? "").Contains(Token, StringComparison.Ordinal);
        if (hasToken && !isKnown)
        {
            Assert.StartsWith("4", answer.Status, StringComparison.Ordinal);
        }

        string body = Encoding.UTF8.GetString(answer.Body);
        if (answer.MediaType.StartsWith("text/html", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("<script>", body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(" (on[a-z]+|style)=", QuotedValue().Replace(body, ""));
            Assert.Equal(body.Count(c => c == '<'), body.Count(c => c == '>'));
        }
        else if (answer.MediaType.StartsWith("application/json", StringComparison.Ordinal) && answer.Status.StartsWith('2'))
        {
            JsonDocument.Parse(answer.Body).Dispose();
        }
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex QuotedValue();

    private static PageSite[] Sites()
    {
        Frame[] frames =
        [
            .. Enumerable.Range(0, 5).SelectMany(flow => (Frame[])
            [
                Frame.Whole(LinkRaw, flow, IPv4("192.0.2.7", "198.51.100.1", UdpProtocol, Udp(5000 + flow, 53, Payload(10 * flow)))),
                Frame.Whole(LinkRaw, flow + 1, IPv4("198.51.100.1", "192.0.2.7", UdpProtocol, Udp(53, 5000 + flow, Payload(4)))),
            ]),
        ];
        RunWatch run = new(
            "reading <img src=x>", WatchedRuns.Run(frames), () => new RunSample(1000, 10, 2000, 0, 5, 0, 0, 1, 3, 1, 1 << 20));
        return
        [
            new PageSite(run, new PageAccess(new IPEndPoint(IPAddress.Loopback, 9477), null)),
            new PageSite(run, new PageAccess(new IPEndPoint(IPAddress.Any, 9477), Token)),
        ];
    }
}
