using System.Net;
using System.Text;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;

namespace FlowMeter.Tests.Cli.Page;

public sealed class PageAccessTests
{
    private const string Token = "abcdefghijklmnop1234";

    [Theory]
    [InlineData("localhost:9477")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1:9477")]
    [InlineData("[::1]:1")]
    [InlineData("192.0.2.1")]
    public void This_machine_is_asked_for_by_address_or_as_localhost(string host) => Assert.Null(Refusal(null, $"Host: {host}"));

    [Theory]
    [InlineData("Host: evil.example:9477")]
    [InlineData("Host: localhost.evil.example")]
    [InlineData("Host: evil.localhost")]
    [InlineData("Host: 127.0.0.1.evil.example")]
    [InlineData("Host:")]
    [InlineData("X: y")]
    [InlineData("Host: localhost\r\nHost: localhost")]
    public void Another_name_is_refused_since_somebody_may_have_pointed_it_here(string fields) =>
        Assert.Equal("421 Misdirected Request", Refusal(null, fields)!.Status);

    [Fact]
    public void The_name_of_the_machine_is_for_addresses_that_others_reach()
    {
        string field = $"Host: {Environment.MachineName}:9477";
        Assert.All([IPAddress.Loopback, IPAddress.Parse("127.9.9.9"), IPAddress.IPv6Loopback], address =>
            Assert.NotNull(new PageAccess(new IPEndPoint(address, 9477), null).Refuse(Request("/", field))));
        Assert.Null(new PageAccess(new IPEndPoint(IPAddress.Any, 9477), null).Refuse(Request("/", field)));
    }

    [Theory]
    [InlineData("cross-site", "cors", true)]
    [InlineData("same-site", "no-cors", true)]
    [InlineData("cross-site", "navigate", false)]
    [InlineData("same-origin", "cors", false)]
    [InlineData("none", "navigate", false)]
    public void Other_sites_may_link_to_the_page_and_no_more(string site, string mode, bool isRefused) =>
        Assert.Equal(isRefused, Refusal(null, $"Host: localhost\r\nSec-Fetch-Site: {site}\r\nSec-Fetch-Mode: {mode}") != null);

    [Theory]
    [InlineData("Authorization: Bearer " + Token, true)]
    [InlineData("Authorization: bearer " + Token, true)]
    [InlineData("Authorization: Bearer x" + Token, false)]
    [InlineData("Authorization: Basic " + Token, false)]
    [InlineData("Cookie: flowmeter-9477=" + Token, true)]
    [InlineData("Cookie: flowmeter-9478=" + Token, false)]
    [InlineData("Cookie: flowmeter-9477=abcdefghijklmnop1235", false)]
    [InlineData("Cookie: flowmeter-9477=", false)]
    [InlineData("Cookie: flowmeter-9477=" + Token + Token, false)]
    [InlineData("X: y", false)]
    public void A_token_is_asked_for_where_there_is_one(string field, bool isEnough)
    {
        HttpAnswer? refusal = Refusal(Token, "Host: localhost\r\n" + field);
        Assert.Equal(isEnough ? null : "401 Unauthorized", refusal?.Status);
    }

    [Fact]
    public void A_token_in_the_address_becomes_a_cookie_that_no_script_reads()
    {
        HttpAnswer answer = Access(Token).Refuse(Request($"/?token={Token}", "Host: localhost"))!;
        Assert.Equal("303 See Other", answer.Status);
        Assert.Equal(
            $"Location: /\r\nSet-Cookie: flowmeter-9477={Token}; HttpOnly; SameSite=Strict; Path=/\r\n", answer.Fields);
        Assert.Equal("401 Unauthorized", Access(Token).Refuse(Request("/?token=abcdefghijklmnop", "Host: localhost"))!.Status);
    }

    [Theory]
    [InlineData("/", "Authorization: Bearer ")]
    [InlineData("/", "Cookie: flowmeter-9477=")]
    [InlineData("/?token=", "X: ")]
    public void A_token_is_compared_whole(string target, string field)
    {
        foreach (string wrong in Enumerable.Range(0, Token.Length).SelectMany(at => (string[])
            [Token[..at], Token[at..] + "x", Token[..at] + "x" + Token[(at + 1)..], Token[..at] + char.ToUpperInvariant(Token[at])
                + Token[(at + 1)..], Token + Token[..at] + "x"]).Where(wrong => wrong.Length > 0 && wrong != Token))
        {
            HttpAnswer? refusal = target == "/"
                ? Access(Token).Refuse(Request(target, $"Host: localhost\r\n{field}{wrong}"))
                : Access(Token).Refuse(Request(target + wrong, "Host: localhost"));
            Assert.True(refusal?.Status == "401 Unauthorized", wrong);
            Assert.Equal("WWW-Authenticate: Bearer\r\n", refusal.Fields);
        }
    }

    [Fact]
    public void A_token_opens_nothing_that_is_closed_without_one()
    {
        const string Shown = "Authorization: Bearer " + Token;
        Assert.Equal("421 Misdirected Request", Refusal(Token, "Host: evil.example\r\n" + Shown)!.Status);
        Assert.Equal("421 Misdirected Request", Access(Token).Refuse(Request($"/?token={Token}", "Host: evil.example"))!.Status);
        Assert.Equal(
            "403 Forbidden", Refusal(Token, "Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n" + Shown)!.Status);

        // Who types another token wants to be known by that one.
        Assert.Equal(
            "401 Unauthorized",
            Access(Token).Refuse(Request("/?token=abcdefghijklmnop", $"Host: localhost\r\nCookie: flowmeter-9477={Token}"))!.Status);
    }

    private static PageAccess Access(string? token) => new(new IPEndPoint(IPAddress.Loopback, 9477), token);

    private static HttpAnswer? Refusal(string? token, string fields) => Access(token).Refuse(Request("/", fields));

    private static HttpRequest Request(string target, string fields) =>
        HttpRequest.Parse(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\n{fields}\r\n\r\n"))!;
}
