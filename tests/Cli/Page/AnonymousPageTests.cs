using System.Globalization;
using System.Net;
using System.Text;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Watch;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using FlowMeter.Tests.Watch;

namespace FlowMeter.Tests.Cli.Page;

/// <summary>The page of a run with <c>--anonymize</c>: no answer has an original address, however it might be written.</summary>
public sealed class AnonymousPageTests
{
    private static readonly AnonymizationKey s_key = AnonymizationKey.Parse(Encoding.ASCII.GetBytes("0123456789abcdef0123456789ABCDEF"));

    private static readonly string[] s_targets =
    [
        "/", "/?q=10.", "/flows.json", "/flows.csv", "/series.json", "/events", "/flow?n=0", "/page.js",
        .. Enumerable.Range(1, 50).SelectMany(number => (string[])
            [$"/flow?n={number.ToString(CultureInfo.InvariantCulture)}", $"/flow.json?n={number.ToString(CultureInfo.InvariantCulture)}"]),
    ];

    [Fact]
    public void No_answer_has_an_original_address()
    {
        IReadOnlyList<Frame> frames = ReferenceReader.ReadFile(Samples.Office).Frames;
        string[] originals = AddressForms.OfFile(Samples.Office);
        string[] plain = Answers(WatchedRuns.Run(frames, "full", hasNames: true));
        Assert.All(
            new[] { "/", "/flows.json", "/flows.csv", "/flow?n=1", "/flow.json?n=1" },
            target => Assert.Contains(plain, answer => answer.StartsWith(target + "\n", StringComparison.Ordinal)
                && originals.Any(original => answer.Contains(original, StringComparison.OrdinalIgnoreCase))));

        foreach (string answer in Answers(WatchedRuns.Run(frames, "full", hasNames: true, key: s_key)))
        {
            Assert.DoesNotContain(originals, original => answer.Contains(original, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain("office.example", answer, StringComparison.Ordinal);
        }
    }

    private static string[] Answers(FlowWatch flows)
    {
        using RunWatch run = new("reading a file", flows, () => new RunSample(1000, 10, 2000, 0, 5, 0, 0, 1, 3, 1, 1 << 20));
        PageSite site = new(run, new PageAccess(new IPEndPoint(IPAddress.Loopback, 9477), null));
        List<string> answers = [];
        foreach (string target in s_targets)
        {
            HttpAnswer answer = site.Answer(
                HttpRequest.Parse(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost:9477\r\n\r\n"))!);
            answers.Add($"{target}\n{answer.Fields}\n{Encoding.UTF8.GetString(answer.Body)}");
        }

        run.Finish();
        answers.Add(Encoding.UTF8.GetString(site.NextEvent()!));
        return [.. answers];
    }
}
