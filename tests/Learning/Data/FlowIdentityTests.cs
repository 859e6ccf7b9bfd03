using FlowMeter.Learning.Data;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>Who a flow is between, of a table's texts: its Community ID as the meter writes it, and a filter that finds it.</summary>
public sealed class FlowIdentityTests
{
    [Fact]
    public void The_identity_of_a_row_has_the_ID_that_the_meter_writes()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            CsvTable table = new EngineMeter { HasCommunityId = true }.Run(CaptureWriter.Pcap(Traffic.Random(seed))).Table;
            int[] places =
                [.. new[] { "src_ip", "src_port", "dst_ip", "dst_port", "protocol", "community_id" }.Select(table.Column)];

            Assert.All(table.Rows, row =>
            {
                string[] texts = Array.ConvertAll(places, place => row[place]);
                Assert.Equal(texts[5], FlowIdentity.Parse(texts[0], texts[1], texts[2], texts[3], texts[4])!.CommunityId());
            });
        }
    }

    [Theory]
    [InlineData("10.0.0.1", "1000", "192.0.2.1", "443", "6", "tcp and host 10.0.0.1 and host 192.0.2.1 and port 1000 and port 443")]
    [InlineData("10.0.0.1", "123", "192.0.2.1", "123", "UDP", "udp and host 10.0.0.1 and host 192.0.2.1 and port 123")]
    [InlineData("2001:db8::1", "", "2001:db8::2", "", "58", "ip6 proto 58 and host 2001:db8::1 and host 2001:db8::2")]
    public void A_filter_finds_both_directions(
        string source, string sourcePort, string destination, string port, string protocol, string expected) =>
        Assert.Equal(expected, FlowIdentity.Parse(source, sourcePort, destination, port, protocol)!.Filter());

    [Theory]
    [InlineData("", "1", "192.0.2.1", "2", "6")]
    [InlineData("10.0.0.1", "1", "2001:db8::1", "2", "6")]
    [InlineData("10.0.0.1", "x", "192.0.2.1", "2", "6")]
    [InlineData("10.0.0.1", "1", "192.0.2.1", "2", "http")]
    public void Texts_that_say_nothing_are_nobody(string source, string sourcePort, string destination, string port, string protocol) =>
        Assert.Null(FlowIdentity.Parse(source, sourcePort, destination, port, protocol));
}
