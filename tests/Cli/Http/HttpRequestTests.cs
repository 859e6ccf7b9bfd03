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

    [Fact]
    public void A_field_that_is_there_twice_is_not_believed() =>
        Assert.Equal("", Parse("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")!.Field("Host"));

    [Theory]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET / FTP/1.1\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("GET / x HTTP/1.1\r\n\r\n")]
    public void Anything_else_is_no_request(string text) => Assert.Null(Parse(text));

    private static HttpRequest? Parse(string text) => HttpRequest.Parse(Encoding.Latin1.GetBytes(text));
}
