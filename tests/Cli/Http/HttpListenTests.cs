using System.Net;
using System.Net.Sockets;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>Where a server is reached, and that it is nowhere any more once it has stopped.</summary>
public sealed class HttpListenTests
{
    [IPv6Fact]
    public void All_addresses_of_IPv6_are_those_of_IPv4_as_well()
    {
        using HttpServer server = Serve(IPAddress.IPv6Any);
        Assert.All([IPAddress.IPv6Loopback, IPAddress.Loopback], address => Assert.True(Answers(new(address, server.Address.Port))));
    }

    [IPv6Fact]
    public void One_address_is_that_one_alone()
    {
        using HttpServer six = Serve(IPAddress.IPv6Loopback);
        Assert.True(Answers(six.Address));
        Assert.False(Answers(new IPEndPoint(IPAddress.Loopback, six.Address.Port)));
        using HttpServer four = Serve(IPAddress.Any);
        Assert.True(Answers(new IPEndPoint(IPAddress.Loopback, four.Address.Port)));
        Assert.False(Answers(new IPEndPoint(IPAddress.IPv6Loopback, four.Address.Port)));
    }

    [Fact]
    public void A_server_that_stops_lets_its_callers_and_its_port_go()
    {
        HttpServer server = Serve(IPAddress.Loopback);
        using Caller viewer = new Caller(server.Address).Say("GET /events HTTP/1.1\r\n\r\n").AwaitAnswer();
        server.Dispose();
        Assert.EndsWith("first\n", viewer.Hear(), StringComparison.Ordinal);
        Assert.False(Answers(server.Address));
    }

    [IPv6Fact]
    public void What_else_the_system_says_is_passed_on()
    {
        // A socket of IPv6 alone is none of an address of IPv4, however it is written.
        ListenException refused = Assert.Throws<ListenException>(() => Serve(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.Equal($"--page [::ffff:127.0.0.1]:0: {new SocketException((int)SocketError.InvalidArgument).Message}.", refused.Message);
    }

    private static HttpServer Serve(IPAddress address) =>
        new(HttpServer.Listen("--page", new IPEndPoint(address, 0)), new TestSite(), "test", places: 4, streams: 3);

    private static bool Answers(IPEndPoint address)
    {
        try
        {
            using Caller caller = new(address);
            return caller.Say("GET / HTTP/1.1\r\n\r\n").Hear().Length > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }
}
