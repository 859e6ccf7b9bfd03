using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Tests.Cli.Http;

namespace FlowMeter.Tests.Cli.Page;

/// <summary>Where the page is, and who is let in there.</summary>
public sealed class LivePageTests : IDisposable
{
    private const string Token = "abcdefghijklmnop1234";

    private readonly string _token = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.token");

    public void Dispose() => File.Delete(_token);

    [Fact]
    public void On_loopback_the_page_is_at_its_address_and_has_no_token()
    {
        Assert.Matches(@"^http://127\.0\.0\.1:[0-9]+/$", LocationOf(IPAddress.Loopback));
        Assert.Matches(@"^http://127\.9\.9\.9:[0-9]+/$", LocationOf(IPAddress.Parse("127.9.9.9")));
    }

    [IPv6Fact]
    public void On_loopback_of_IPv6_it_is_the_same() => Assert.Matches(@"^http://\[::1\]:[0-9]+/$", LocationOf(IPAddress.IPv6Loopback));

    [Fact]
    public void Elsewhere_a_token_is_made_and_stands_behind_the_name_of_the_machine() =>
        Assert.Matches($"^http://{Regex.Escape(Environment.MachineName)}:[0-9]+/\\?token=[0-9a-f]{{64}}$", LocationOf(IPAddress.Any));

    [IPv6Fact]
    public void Elsewhere_in_IPv6_it_is_the_same() =>
        Assert.Matches($"^http://{Regex.Escape(Environment.MachineName)}:[0-9]+/\\?token=[0-9a-f]{{64}}$", LocationOf(IPAddress.IPv6Any));

    [Fact]
    public void Without_a_page_there_is_nothing_and_no_use_for_a_token()
    {
        Assert.Null(LivePage.Open(null, null));
        Assert.Equal(
            "--page-token-file: is for --page; give both or neither.",
            Assert.Throws<UsageException>(() => LivePage.Open(null, "token")).Message);
    }

    [Fact]
    public void Scores_are_explained_where_there_is_a_page()
    {
        Profile profile = Profile.Find("flowmeter")!;
        MeteringPlan plan = new(profile, null, new MeteringOptions { Flow = new FlowOptions { Rules = profile.Rules } });
        using LivePage page = LivePage.Open(new IPEndPoint(IPAddress.Loopback, 0), null)!;
        Assert.Same(plan, LivePage.Fit(null, plan));
        Assert.False(plan.Options.Export.ExplainsForWatch);
        Assert.True(LivePage.Fit(page, plan).Options.Export.ExplainsForWatch);
    }

    [Fact]
    public void A_token_of_a_file_is_asked_for_and_told_nobody()
    {
        File.WriteAllText(_token, Token);
        using LivePage page = LivePage.Open(new IPEndPoint(IPAddress.Loopback, 0), _token)!;
        Assert.DoesNotContain("token", page.Location, StringComparison.Ordinal);
        using RunWatch run = PageRuns.Capture();
        page.Serve(run, new Notes(isQuiet: true));
        Assert.StartsWith("HTTP/1.1 401 ", Ask(page, ""), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", Ask(page, $"Authorization: Bearer {Token}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_is_closed_lets_its_viewers_and_its_port_go()
    {
        LivePage served = LivePage.Open(new IPEndPoint(IPAddress.Loopback, 0), null)!;
        using RunWatch run = PageRuns.Capture();
        served.Serve(run, new Notes(isQuiet: true));
        using Caller viewer = new Caller(AddressOf(served)).Say("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").AwaitAnswer();
        served.Dispose();
        Assert.EndsWith("}\n\n", viewer.Hear(), StringComparison.Ordinal);

        LivePage unserved = LivePage.Open(new IPEndPoint(IPAddress.Loopback, 0), null)!;
        unserved.Dispose();
        Assert.Throws<SocketException>(() => new Caller(AddressOf(unserved)));
    }

    private static string LocationOf(IPAddress address)
    {
        using LivePage page = LivePage.Open(new IPEndPoint(address, 0), null)!;
        return page.Location;
    }

    private static IPEndPoint AddressOf(LivePage page) => new(IPAddress.Loopback, new Uri(page.Location).Port);

    private static string Ask(LivePage page, string fields)
    {
        using Caller caller = new(AddressOf(page));
        return caller.Say($"GET / HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n").Hear();
    }
}
