using System.Net;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>The places of a server: who leaves when they are taken, and when one is free again. Nobody's time is up here.</summary>
public sealed class HttpPlacesTests : IDisposable
{
    private const int Places = 4;
    private const string Get = "GET / HTTP/1.1\r\n\r\n";

    private readonly TestSite _site = new();
    private readonly HttpServer _server;
    private readonly List<Caller> _callers = [];

    public HttpPlacesTests() => _server = new HttpServer(
        HttpServer.Listen("--page", new IPEndPoint(IPAddress.Loopback, 0)), _site, "test", Places, streams: 3, TimeSpan.FromHours(1));

    public void Dispose()
    {
        _callers.ForEach(caller => caller.Dispose());
        _server.Dispose();
    }

    [Fact]
    public void One_caller_too_many_takes_the_place_of_the_oldest_that_says_nothing()
    {
        Caller busy = Call("GET /large HTTP/1.1\r\n\r\n").AwaitAnswer();
        Caller[] silent = [.. Enumerable.Range(1, Places - 1).Select(_ => Call(""))];
        Answered(Call(Get));
        Assert.Empty(silent[0].Hear());
        Assert.All(silent[1..], caller => Answered(caller.Say(Get)));
        Assert.EndsWith(TestSite.LargeEnd, busy.Hear(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_have_asked_the_oldest_leaves_and_no_stream_does()
    {
        Caller viewer = Call("GET /events HTTP/1.1\r\n\r\n").AwaitAnswer();
        Caller[] busy = [.. Enumerable.Range(0, Places).Select(_ => Call("GET /large HTTP/1.1\r\n\r\n").AwaitAnswer())];
        Answered(Call(Get));
        Assert.DoesNotContain(TestSite.LargeEnd, busy[0].Hear(), StringComparison.Ordinal);
        Assert.All(busy[1..], caller => Assert.EndsWith(TestSite.LargeEnd, caller.Hear(), StringComparison.Ordinal));
        _site.Say("last\n");
        Assert.EndsWith("first\nlast\n", viewer.Hear("last\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_callers_as_there_are_places_keep_them_beside_streams()
    {
        Caller viewer = Call("GET /events HTTP/1.1\r\n\r\n").AwaitAnswer();
        Caller[] silent = [.. Enumerable.Range(0, Places).Select(_ => Call(""))];
        Assert.All(silent, caller => Answered(caller.Say(Get)));
        viewer.Dispose();
    }

    [Fact]
    public void The_place_of_who_leaves_without_a_word_is_free()
    {
        Caller[] silent = [.. Enumerable.Range(0, Places).Select(_ => Call(""))];
        silent[^1].Dispose();
        silent[^2].Say("GET / HT").Dispose();
        Answered(Call(Get));
        Answered(Call(Get));
        Assert.All(silent[..^2], caller => Answered(caller.Say(Get)));
    }

    [Fact]
    public void The_place_of_who_leaves_with_an_answer_is_free()
    {
        for (int i = 0; i < Places; i++)
        {
            Caller caller = Call(Get);
            Answered(caller);
            caller.Dispose();
        }

        Caller[] silent = [.. Enumerable.Range(0, Places).Select(_ => Call(""))];
        Assert.All(silent, caller => Answered(caller.Say(Get)));
    }

    private static void Answered(Caller caller) => Assert.StartsWith("HTTP/1.1 404 ", caller.Hear(), StringComparison.Ordinal);

    private Caller Call(string request)
    {
        _callers.Add(new Caller(_server.Address));
        return request.Length == 0 ? _callers[^1] : _callers[^1].Say(request);
    }
}
