using System.Globalization;
using System.Text;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Learning.Data;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Report;

public sealed class HostStatisticsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Malicious_hosts_come_first_then_those_of_most_flows()
    {
        HostStatistics hosts = Read(
            [.. Enumerable.Range(0, 20_000).Select(i => Row(i, i == 777 || i == 19_000, flows: (i * 7919) % 20_011))]);
        Assert.Equal((20_000, 2, HostStatistics.Shown), (hosts.Rows, hosts.Malicious, hosts.Top.Count));
        Assert.Equal(
            Enumerable.Range(0, 20_000).OrderByDescending(i => i == 777 || i == 19_000).ThenByDescending(i => (i * 7919) % 20_011)
                .Take(HostStatistics.Shown).Select(i => $"2001:db8::{i:x}"),
            hosts.Top.Select(row => row.Source));
    }

    [Fact]
    public void The_page_shows_them_and_says_how_many_more_there_are()
    {
        string flows = _folder.Write("flows.csv", "a,b\n1,2\n");
        using FlowTableReader table = FlowTableReader.Open(flows, _ => { });
        string page = Encoding.UTF8.GetString(TableReport.Make(
            TableStatistics.Read(table), "x", Read([.. Enumerable.Range(0, 60).Select(i => Row(i, i == 3, flows: i))])));
        Assert.Contains("port_scan 192.0.2.1 (30 flows)", page, StringComparison.Ordinal);
        Assert.Contains("The first 50 of them", page.Replace('\u00A0', ' '), StringComparison.Ordinal);
        Assert.Contains("1 of them malicious", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_hosts_has_a_page_of_its_own()
    {
        string path = Write([.. Enumerable.Range(0, 60).Select(i => Row(i, i == 3, flows: i))], HostTable.Header);
        using FlowTableReader table = FlowTableReader.Open(path, _ => { });
        Assert.True(HostStatistics.IsTableOfHosts(table));
        string page = Encoding.UTF8.GetString(TableReport.Make(HostStatistics.Read(table), "x"));
        Assert.Contains("hosts.csv: host report", page, StringComparison.Ordinal);
        Assert.Contains("port_scan 192.0.2.1 (30 flows)", page, StringComparison.Ordinal);
        Assert.Contains("""<th scope="col">Why</th>""", page, StringComparison.Ordinal);
        Assert.Contains("""<th scope="col" class="n" >Peers</th>""", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_flows_says_how_many_are_malicious_by_their_host()
    {
        string flows = _folder.Write("flows.csv", "verdict,verdict_by\nmalicious,host\nmalicious,flow\nbenign,flow\nundecided,\n");
        using FlowTableReader table = FlowTableReader.Open(flows, _ => { });
        Assert.False(HostStatistics.IsTableOfHosts(table));
        string page = Encoding.UTF8.GetString(TableReport.Make(TableStatistics.Read(table), "x"));
        Assert.Contains("(1 of these by what their source did, not by a score)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_table_is_refused_by_name()
    {
        DataException refused = Assert.Throws<DataException>(() => Read(["1,2"], "a,b"));
        Assert.Contains(
            "is no table of hosts, it has no column 'interval_start'; --hosts of flowmeter read and capture writes one.", refused.Message,
            StringComparison.Ordinal);
    }

    private static string Row(int i, bool isMalicious, int flows) => string.Create(
        CultureInfo.InvariantCulture,
        $"2026-01-01T00:00:00.000000000Z,2001:db8::{i:x},{flows},9,1,1,0,0,0,0,0,"
            + $"{(isMalicious ? "malicious,port_scan 192.0.2.1 (30 flows)" : "undecided,")}");

    private HostStatistics Read(string[] rows, string header = HostTable.Header)
    {
        string path = Write(rows, header);
        using FlowTableReader table = FlowTableReader.Open(path, _ => { });
        return HostStatistics.Read(table);
    }

    private string Write(string[] rows, string header) => _folder.Write("hosts.csv", $"{header}\n{string.Join('\n', rows)}\n");
}
