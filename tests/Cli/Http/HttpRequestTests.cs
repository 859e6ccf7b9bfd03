using System.Text;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

public sealed class HttpRequestTests
{
    [Fact]
    public void A_request_has_its_path_query_fields_and_cookies()
    {
        HttpRequest request = Parse("GET /flows.json?q=a%20b+c&sort=&q=d&x HTTP/1.1\r\nhOST: h:1\r\nCookie: a=1; b=2=3\r\n\r\n")!;
        Assert.Equal(("GET", "/flows.json"), (request.Method, request.Path));
        Assert.Equal(("a b c", "", "", ""), (request.Query("q"), request.Query("sort"), request.Query("x"), request.Query("y")));
        Assert.Equal(("h:1", null), (request.Field("Host"), request.Field("Accept")));
        Assert.Equal(("1", "2=3", null), (request.Cookie("a"), request.Cookie("b"), request.Cookie("c")));
    }

    [Theory]
    [InlineData("Host: localhost\r\nHost: evil.example")]
    [InlineData("Host: localhost\r\nHost: localhost")]
    [InlineData("Host: evil.example\r\nHOST: evil.example\r\nhost: localhost")]
    public void A_field_that_is_there_more_than_once_is_not_believed(string fields) =>
        Assert.Equal("", Parse($"GET / HTTP/1.1\r\n{fields}\r\n\r\n")!.Field("Host"));

    [Fact]
    public void A_cookie_is_found_by_its_whole_name()
    {
        HttpRequest request = Parse("GET / HTTP/1.1\r\nCookie: xa=1; ax=2; A=3; b; a=4; a=5\r\n\r\n")!;
        Assert.Equal(("4", null), (request.Cookie("a"), request.Cookie("b")));
    }

    [Theory]
    [InlineData("http://localhost/")]
    [InlineData("http://evil.example/flows.json")]
    [InlineData("//evil.example/")]
    [InlineData("/%66lows.json")]
    [InlineData("*")]
    [InlineData("evil.example:443")]
    public void A_path_is_taken_as_it_stands(string target) =>
        Assert.Equal(target, Parse($"GET {target}?a=b HTTP/1.1\r\nHost: localhost\r\n\r\n")!.Path);

    [Theory]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET / FTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\n\r\n")]
    [InlineData("GET / http/1.1\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("GET / x HTTP/1.1\r\n\r\n")]
    public void Anything_else_is_no_request(string text) => Assert.Null(Parse(text));

    private static HttpRequest? Parse(string text) => HttpRequest.Parse(Encoding.Latin1.GetBytes(text));
}
