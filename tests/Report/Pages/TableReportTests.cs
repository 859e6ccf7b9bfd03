using System.Text;
using FlowMeter.Learning.Data;
using FlowMeter.Report.Charts;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Tests.Report.Pages;

public sealed class TableReportTests
{
    [Fact]
    public void Sums_are_those_of_the_table()
    {
        string text = ModelPages.Table(3000, hasVerdicts: true);
        string[][] rows = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(
            line => line.Replace("\"", "", StringComparison.Ordinal).Split(','))];
        TableStatistics table = Read(text);
        Assert.Equal(
            (3000, rows.Sum(row => double.Parse(row[8])), rows.Sum(row => double.Parse(row[9]))),
            (table.Flows, table.Packets, table.Bytes));
        Assert.Equal(
            TableStatistics.Verdicts.Select(verdict => rows.Where(row => row[12] == verdict).Sum(row => double.Parse(row[9]))),
            Enumerable.Range(0, 3).Select(verdict => table.OfVerdict[verdict, 2]));
        Dictionary<string, double> bytes = rows.SelectMany(
            row => new (string Address, double Bytes)[] { (row[1], double.Parse(row[9])), (row[3], double.Parse(row[9])) })
            .GroupBy(end => end.Address)
            .ToDictionary(end => end.Key, end => end.Sum(flow => flow.Bytes));
        Assert.Equal(
            bytes.OrderByDescending(pair => pair.Value).Take(10).Select(pair => (pair.Key, pair.Value)), table.TalkersByBytes.Top(10));
        Assert.Equal(
            rows.GroupBy(row => row[6]).OrderByDescending(group => group.Count()).Select(group => (group.Key, (double)group.Count())),
            table.EndReasons.Top(9));
        Assert.Equal(
            rows.Count(row => row[5] == "17" && row[4] == "53"), table.Services.Top(99).Single(service => service.Key == "17 53").Sum);
        Assert.Equal(rows.Count(row => row[12] == "malicious"), table.Timeline.SumsOf(2).Sum(span => span.Sum));
        Assert.Equal(["duration_us", "packets", "bytes", "rate"], table.Features.Select(feature => feature.Column.Name));
    }

    [Fact]
    public void What_is_drawn_is_what_was_counted()
    {
        TableStatistics table = Read(ModelPages.Table(3000, hasVerdicts: true));
        string page = Page(table);
        ReportText.AssertSelfContained(page);
        Timeline spans = TimelineChart.Spans(table, Plot.WideWidth);
        double[] expected = [.. Enumerable.Range(0, spans.Count).SelectMany(
            i => Enumerable.Range(0, 5).Select(series => spans.SumsOf(series).ElementAt(i).Sum))];
        Assert.Equal(expected, ReportText.Numbers(ReportText.Chart(page, "Verdicts, packets and bytes")));
        Assert.Equal(
            from measure in Enumerable.Range(0, 3) from verdict in Enumerable.Range(0, 3) select table.OfVerdict[verdict, measure],
            ReportText.Numbers(ReportText.Chart(page, "What need not be sent on")));
        string talkers = page.Split("<h3>By bytes</h3>")[1].Split("</section>")[0];
        Assert.Equal(table.TalkersByBytes.Top(10).Select(pair => pair.Sum), ReportText.Numbers(talkers));
    }

    [Fact]
    public void Flows_to_look_at_come_worst_first_with_reasons_and_a_filter()
    {
        string[] rows =
        [
            "10.0.0.1,1,192.0.2.1,80,6,9,0.2,benign,flow,,SF",
            "10.0.0.1,2,192.0.2.1,80,6,9,0.5,undecided,,,S1",
            "10.0.0.1,3,192.0.2.1,80,6,9,0.9,malicious,flow,bytes 3..,SF",
            "10.0.0.1,4,192.0.2.1,22,6,2,0.1,malicious,host,,S0",
            "10.0.0.1,5,192.0.2.1,80,6,9,0.99,malicious,flow,<b>,REJ",
            "10.0.0.1,6,192.0.2.1,80,6,2,0.5,undecided,,,S1",
        ];
        string head = "src_ip,src_port,dst_ip,dst_port,protocol,packets,score,verdict,verdict_by,explanation,connection_state,bytes\n";
        TableStatistics table = Read(head + string.Concat(rows.Select(row => $"{row},100\n")));

        Assert.Equal([5, 3, 4, 2, 6], table.ToLookAt.Worst.Select(flow => flow.Row));
        Assert.Equal((9, 1, 1), (table.Undecided.LeastJudged, table.Undecided.TooShort, table.Undecided.Between));
        string page = Page(table);
        ReportText.AssertSelfContained(page);
        string section = page.Split("<section id=\"look\">")[1].Split("</section>")[0];
        Assert.Contains("its source scans, sweeps or guesses passwords; nobody answered", section, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;; refused", section, StringComparison.Ordinal);
        Assert.Contains("tcp and host 10.0.0.1 and host 192.0.2.1 and port 5 and port 80", section, StringComparison.Ordinal);
        Assert.Contains("<td>1:", section, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"look\"", Page(Read(ModelPages.Table(10, hasVerdicts: false))), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_worst_of_many_are_kept()
    {
        string text = "score,verdict\n" + string.Concat(Enumerable.Range(0, 5000).Select(
            i => FormattableString.Invariant($"{i * 7919 % 5000 / 5000.0},malicious\n")));

        double[] scores = [.. Read(text).ToLookAt.Worst.Select(flow => double.Parse(flow[FlowsToLookAt.Field.Score]))];

        Assert.Equal(Enumerable.Range(0, FlowsToLookAt.Flows).Select(i => (4999 - i) / 5000.0), scores);
    }

    [Fact]
    public void Equal_services_come_by_their_port()
    {
        string text = "protocol,dst_port\n6,443\n6,80\n6,8080\n17,53\n6,22\n6,22\n";

        Assert.Equal(
            ["6 22", "17 53", "6 80", "6 443", "6 8080"], Read(text).Services.Top(9).Select(service => service.Key));
    }

    [Fact]
    public void Labels_show_the_four_features_and_a_matrix()
    {
        string head = "fwd_packets,fwd_packet_size_max,fwd_iat_mean_us,bwd_iat_mean_us,verdict,class\n";
        (string Verdict, string Label)[] flows =
        [
            ("benign", "BENIGN"), ("benign", "benign"), ("malicious", "Benign"), ("malicious", "DDoS"), ("undecided", "DDoS"),
            ("benign", ""),
        ];
        string text = head + string.Concat(flows.Select((flow, i) => $"{i + 1},{100 * (i + 1)},{i},{2 * i},{flow.Verdict},{flow.Label}\n"));
        using FlowTableReader reader = Reader(text);
        TableStatistics table = TableStatistics.Read(reader, "class");

        Assert.Equal([2, 0, 1, 0, 1, 1], table.OfLabel.Cast<long>());
        Assert.Equal(1, table.WithoutLabel);
        string page = Page(table);
        ReportText.AssertSelfContained(page);
        string section = page.Split("<section id=\"labels\">")[1].Split("<section id=")[0];
        Assert.Equal([2, 0, 1, 0, 1, 1], ReportText.Numbers(ReportText.Chart(page, "Labels and verdicts")));
        foreach (string title in new[]
                 {
                     "Largest forward packet", "Forward length of the flow, packets", "Mean forward gap", "Mean backward gap",
                 })
        {
            Assert.Contains($"<h3>{title}</h3>", section, StringComparison.Ordinal);
        }

        Assert.Contains("Flows labelled benign", page, StringComparison.Ordinal);
        using FlowTableReader other = Reader(text);
        Assert.Throws<DataException>(() => TableStatistics.Read(other, "label"));
    }

    [Fact]
    public void Every_chart_is_there_as_a_file_of_its_own()
    {
        string page = Page(Read(ModelPages.Table(3000, hasVerdicts: true)));
        string[] links = [.. page.Split("href=\"data:image/svg+xml;base64,").Skip(1).Select(part => part.Split('"')[0])];

        Assert.Equal(page.Split("<figure").Length - 1, links.Length);
        foreach (string link in links)
        {
            string svg = Encoding.UTF8.GetString(Convert.FromBase64String(link));
            System.Xml.Linq.XElement root = System.Xml.Linq.XElement.Parse(svg);
            Assert.Equal("{http://www.w3.org/2000/svg}svg", root.Name.ToString());
            Assert.Contains("--malicious", root.Elements().First().Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_highest_scores_are_explained_among_their_neighbours()
    {
        double[] scores = [0.1, 0.5, 0.95, 0.2, 0.99, 0.3, 0.95, 0.4, 0.94, 0.6, 0.01, 0.98, 0.94];
        string text = "start_time,src_ip,src_port,dst_ip,dst_port,score,verdict,explanation\n" + string.Concat(scores.Select(
            (score, i) =>
                FormattableString.Invariant($"t{i + 1},10.0.0.1,{i},10.0.0.2,80,{score},malicious,bytes {i}.. +1.00; <b> 1 +2\n")));
        TableStatistics table = Read(text);
        Assert.Equal([5, 12, 3, 7, 9], table.HighestScores.Top.Select(top => top.Flow.Row));
        Assert.Equal(
            [[3, 4, 5, 6, 7], [10, 11, 12, 13], [1, 2, 3, 4, 5], [5, 6, 7, 8, 9], [7, 8, 9, 10, 11]],
            table.HighestScores.Top.Select(top => top.Around.Select(flow => flow.Row)));
        Assert.Equal(
            new ExplainedFlow(4, "t4", "10.0.0.1:3", "10.0.0.2:80", 0.2, "malicious", "bytes 3.. +1.00; <b> 1 +2"),
            table.HighestScores.Top[0].Around[1]);
        string page = Page(table);
        ReportText.AssertSelfContained(page);
        string section = page.Split("<section id=\"explained\">")[1].Split("</section>")[0];
        Assert.Contains("bytes 4.. +1.00; &lt;b&gt; 1 +2", section, StringComparison.Ordinal);
        Assert.Equal(5, section.Split("<table").Length - 1);
        Assert.DoesNotContain("id=\"explained\"", Page(Read(ModelPages.Table(10, hasVerdicts: true))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start_time,src_ip,dst_ip,packets,bytes\n", "no rows")]
    [InlineData("a,b\n1,x\n-2,y\n,z\n", "3 flows")]
    [InlineData("src_ip,bytes,packets,verdict\n::1,0,0,odd\n", "1 flow")]
    [InlineData("start_time,packets\n2026-01-01T00:00:00Z,1\nnever,2\n", "without a time")]
    public void Odd_tables_have_a_page(string text, string told)
    {
        string page = Page(Read(text));
        ReportText.AssertSelfContained(page);
        Assert.Contains(told, page.Replace('\u00A0', ' '), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1\n", "line 2: 1 fields, but the header has 2")]
    [InlineData("packets,bytes\n1,many\n", "line 2: 'many'")]
    [InlineData("a,b\n1,2\nx,y\n", "line 3: is no row but names")]
    public void Broken_tables_are_refused_with_line_and_reason(string text, string told) =>
        Assert.Contains(told, Assert.Throws<DataException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_that_are_markup_stay_names()
    {
        string text = ModelPages.Table(200, hasVerdicts: true, ModelPages.Hostile).Replace(
            ",rate", ",\"rate <b onclick=\"\"x()\"\">\"", StringComparison.Ordinal);
        string page = Encoding.UTF8.GetString(TableReport.Make(Read(text, ModelPages.Hostile), "flowmeter"));
        ReportText.AssertSelfContained(page);
        Assert.Contains("&lt;b onclick=&quot;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_table_of_many_addresses_stays_in_bounded_memory()
    {
        StringBuilder rows = new("src_ip,dst_ip,bytes,packets\n");
        for (int i = 0; i < 400_000; i++)
        {
            rows.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255},192.0.2.1,{100 + (i % 7)},1\n");
        }

        TableStatistics table = Read(rows.ToString());
        Assert.InRange(table.TalkersByBytes.Keys, 1, HeavyHitters.MaxKeys);
        Assert.Equal("192.0.2.1", table.TalkersByBytes.Top(1)[0].Key);
        Assert.InRange(table.TalkersByBytes.Top(1)[0].Sum, table.Bytes - table.TalkersByBytes.Error, table.Bytes);
        Assert.Contains("up to", Page(table), StringComparison.Ordinal);
    }

    private static TableStatistics Read(string text, string name = "flows.csv")
    {
        using FlowTableReader table = Reader(text, name);
        return TableStatistics.Read(table);
    }

    private static FlowTableReader Reader(string text, string name = "flows.csv") =>
        new(new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), name), name, _ => { });

    private static string Page(TableStatistics table) => Encoding.UTF8.GetString(TableReport.Make(table, "flowmeter 1.2.3"));
}
