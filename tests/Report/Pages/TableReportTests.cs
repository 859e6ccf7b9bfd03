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
        using FlowTableReader table = new(new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), name), name, _ => { });
        return TableStatistics.Read(table);
    }

    private static string Page(TableStatistics table) => Encoding.UTF8.GetString(TableReport.Make(table, "flowmeter 1.2.3"));
}
