using System.Text;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Tests.Cli.Page;

public sealed class PageQueryTests
{
    [Fact]
    public void A_search_has_a_limit() => Assert.Equal(200, Read($"q={new string('a', 300)}").Search.Length);

    [Fact]
    public void What_is_written_reads_back()
    {
        FlowQuery query = new("a&b =ü", FlowOrder.Duration, IsAscending: true);
        Assert.Equal(query, Read(PageQuery.Write(query)));
    }

    private static FlowQuery Read(string query) =>
        PageQuery.Read(HttpRequest.Parse(Encoding.Latin1.GetBytes($"GET /?{query} HTTP/1.1\r\n\r\n"))!);
}
