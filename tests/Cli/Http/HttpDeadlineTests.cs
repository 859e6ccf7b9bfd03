using System.Net;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>A server of little patience: whoever keeps it waiting loses the connection, whatever it waits for.</summary>
public sealed class HttpDeadlineTests : IDisposable
{
    // Half a minute of one byte every ten milliseconds, and less than a server takes of a request.
    private const int Plenty = 3000;

    private readonly HttpServer _server = new(
        HttpServer.Listen("--page", new IPEndPoint(IPAddress.Loopback, 0)), new TestSite(), "test", places: 4, streams: 3,
        TimeSpan.FromMilliseconds(100));

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Who_says_nothing_is_cut_off()
    {
        using Caller caller = new(_server.Address);
        Assert.Empty(caller.Hear());
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: ")]
    public void Who_asks_a_byte_at_a_time_is_cut_off(string start)
    {
        using Caller caller = new(_server.Address);
        Assert.True(caller.Say(start).IsCutOffWithin(Plenty));
    }

    [Fact]
    public void Who_does_not_read_the_answer_is_cut_off()
    {
        using Caller caller = new(_server.Address);
        Assert.True(caller.Say("GET /large HTTP/1.1\r\n\r\n").IsCutOffWithin(Plenty));
        Assert.DoesNotContain(TestSite.LargeEnd, caller.Hear(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_stays_when_the_answer_is_out_is_cut_off()
    {
        using Caller caller = new(_server.Address);
        caller.Say("GET / HTTP/1.1\r\n\r\n").Hear();
        Assert.True(caller.IsCutOffWithin(Plenty));
    }
}
