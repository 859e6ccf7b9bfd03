using System.Text.RegularExpressions;
using FlowMeter.Cli.Top;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;
using FlowMeter.Tests.Support;
using FlowMeter.Tests.Watch;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Cli.Top;

public sealed partial class TopViewTests : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly RunWatch _run = new(
        "capturing \u001b]0;evil\u0007 \u202e漢字",
        WatchedRuns.Run(Enumerable.Range(1, 30).SelectMany(port => Talk($"192.0.2.{port}", port)), hasNames: true),
        () => new RunSample(1000, 10, 2000, 7, 5, 3, 0, 1, 3, 1, 1 << 20), () => ["eth0 is down"]);

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 60)]
    [InlineData(40, 12)]
    [InlineData(10, 3)]
    [InlineData(1, 1)]
    public void A_picture_is_never_larger_than_the_terminal(int width, int height)
    {
        foreach (TopState state in new TopState[] { new(), new(ShowsHelp: true), new(IsPaused: true) })
        {
            IReadOnlyList<string> lines = new TopView(true, true).Draw(_run, state, "said", width, height);
            Assert.InRange(lines.Count, 1, height);
            Assert.All(lines, line => Assert.InRange(Colours().Replace(line, "").Length, 0, width));
        }
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal_however_wide_that_is() => Assert.All(Enumerable.Range(1, 220), width => Assert.All(
        new TopView(true, true).Draw(_run, new TopState(), "said", width, 60),
        line => Assert.InRange(Colours().Replace(line, "").Length, 0, width)));

    [Fact]
    public void What_is_malicious_is_red()
    {
        IReadOnlyList<string> lines = new TopView(true, true).Draw(_run, new TopState(), "", 200, 60);
        string flow = Assert.Single(lines, line => line.Contains("192.0.2.30:30", StringComparison.Ordinal));
        Assert.StartsWith("\u001b[31m", flow, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_terminal_obeys_is_not_drawn(bool hasUnicode)
    {
        string picture = string.Join('\n', new TopView(hasUnicode, true).Draw(_run, new TopState(), "\u001b[2J\r\n", 120, 40));
        string text = Colours().Replace(picture, "");
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', text);
        Assert.DoesNotContain('漢', text);
        Assert.True(hasUnicode || text.All(c => c <= '~'));
        Assert.Contains("capturing ?]0;evil? ???", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_drops_problems_hosts_and_flows_are_drawn()
    {
        string picture = string.Join('\n', new TopView(true, false).Draw(_run, new TopState(), "", 160, 50));
        foreach (string shown in new[]
        {
            "packets 0/s", "dropped 0/s", "flows live 3", "malicious 60.0 %", "! eth0 is down", "TOP TALKERS", "HOSTS",
            "SUSPICIOUS FLOWS, 30, by time downwards", "192.0.2.30:30",
        })
        {
            Assert.Contains(shown, picture, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\x1b[31m", picture, StringComparison.Ordinal);
    }

    [Fact]
    public void Flows_are_sorted_by_the_key_that_was_pressed()
    {
        TopState state = new TopState().After(TopKey.NextOrder).After(TopKey.Reverse);
        string[] lines = [.. new TopView(true, false).Draw(_run, state, "", 160, 30)];
        int title = Array.FindIndex(lines, line => line.StartsWith("SUSPICIOUS FLOWS, 30, by source upwards", StringComparison.Ordinal));
        Assert.Contains("192.0.2.1:1 ", lines[title + 2], StringComparison.Ordinal);
        Assert.Contains("192.0.2.2:2 ", lines[title + 3], StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_read_one_by_one_and_arrows_as_one()
    {
        byte[] typed = "sS\u001b[C\u001b[D\u001bOAx p?r\u001bq"u8.ToArray();
        Assert.Equal(
            [
                TopKey.NextOrder, TopKey.PreviousOrder, TopKey.NextOrder, TopKey.PreviousOrder, TopKey.Reverse, TopKey.Pause, TopKey.Pause,
                TopKey.Help, TopKey.Reverse, TopKey.Quit,
            ],
            TopKeys.Read(typed));
    }

    [Fact]
    public void Orders_go_round_both_ways()
    {
        TopState state = new();
        foreach (FlowOrder _ in Enum.GetValues<FlowOrder>())
        {
            state = state.After(TopKey.NextOrder);
        }

        Assert.Equal(new TopState(), state);
        Assert.Equal(FlowOrder.Score, state.After(TopKey.PreviousOrder).Order);
        Assert.Equal(new TopState(), state.After(TopKey.Pause).After(TopKey.Help).After(TopKey.Pause).After(TopKey.Help));
    }

    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Colours();

    private static Frame[] Talk(string host, int port) =>
    [
        Frame.Whole(LinkRaw, port * Second, IPv4(host, "192.0.2.100", UdpProtocol, Udp(port, 53, Payload(4)))),
        Frame.Whole(LinkRaw, (port * Second) + 1, IPv4("192.0.2.100", host, UdpProtocol, Udp(53, port, Payload(4)))),
    ];
}
