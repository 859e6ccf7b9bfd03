using System.Net;
using FlowMeter.Cli.Options;

namespace FlowMeter.Tests.Cli;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("9105", "127.0.0.1:9105")]
    [InlineData(":9105", "127.0.0.1:9105")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("192.0.2.1:65535", "192.0.2.1:65535")]
    [InlineData("0.0.0.0:9105", "0.0.0.0:9105")]
    [InlineData("[::1]:9105", "[::1]:9105")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::1]:1")]
    public void A_port_alone_is_on_loopback(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out IPEndPoint address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData(":")]
    [InlineData("::9105")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2:9105")]
    [InlineData("192.0.2.256:9105")]
    [InlineData("sensor:9105")]
    [InlineData("9105 ")]
    [InlineData("http://192.0.2.1:9105")]
    public void Anything_else_is_refused(string text) => Assert.False(ListenAddress.TryParse(text, out _));
}
