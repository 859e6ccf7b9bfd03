using FlowMeter.Cli.View;
using FlowMeter.Learning.Queries;
using FlowMeter.Tests.Learning.Queries;

namespace FlowMeter.Tests.Cli.View;

/// <summary>Tables for people, as they stand on a screen.</summary>
public sealed class TableViewTests
{
    private const string Named = """
        start_time,src_ip,src_port,dst_ip,dst_port,protocol,application,server_name,src_name,dst_name,duration_us,packets,fwd_bytes,bwd_bytes,connection_state,end_reason,score,verdict,explanation
        2026-11-27T10:00:00.000000000Z,10.1.2.3,50000,192.0.2.100,443,6,TLS,www.example.com,laptop,,5000000,10,12000,3400000,SF,end,0.95,malicious,iat_mean_us ..5 +2.10; bytes 7.. +1.00
        2026-11-27T10:00:01.000000000Z,10.1.2.4,50001,192.0.2.1,80,6,,,,files.example.org,400,4,600,0,S0,idle,0.1,benign,bytes ..7 -1.00
        2026-11-27T23:59:59.999999999Z,2001:db8:1234:5678:9abc:def0:1234:5678,0,ff02::2,0,58,,HOSTILE,,,0,1,70,,,idle,,undecided,

        """;

    private static readonly string s_table = Named.Replace("HOSTILE", "evil\u001b[31m name", StringComparison.Ordinal);

    [Fact]
    public void A_screen_of_80_columns_has_the_ends_and_the_verdict() => Assert.Equal(
        """
        TIME     SOURCE          DESTINATION     SERVICE     TOOK  SENT  RECVD VERDICT
        10:00:00 laptop          www.example.com 443/TLS    5.0 s 12 kB 3.4 MB malicious
        10:00:01 10.1.2.4        files.example.… 80/http   0.4 ms 600 B    0 B benign
        23:59:59 2001:db8:1234:… evil\u{1B}[31m… ipv6-icmp    0 s  70 B        undecided

        """,
        Screen(80));

    [Fact]
    public void A_screen_of_120_columns_has_more() => Assert.Equal(
        """
        TIME     SOURCE            SPORT DESTINATION        SERVICE     TOOK PACKETS   SENT  RECVD STATE END  VERDICT    SCORE
        10:00:00 laptop            50000 www.example.com    443/TLS    5.0 s      10  12 kB 3.4 MB SF    end  malicious  0.950
        10:00:01 10.1.2.4          50001 files.example.org  80/http   0.4 ms       4  600 B    0 B S0    idle benign     0.100
        23:59:59 2001:db8:1234:56…     0 evil\u{1B}[31m na… ipv6-icmp    0 s       1   70 B              idle undecided
        """,
        string.Join('\n', Screen(120).TrimEnd().Split('\n').Select(line => line.TrimEnd())));

    [Theory]
    [InlineData(40)]
    [InlineData(57)]
    [InlineData(80)]
    [InlineData(99)]
    [InlineData(120)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_screen(int width)
    {
        string[] lines = Screen(width).TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.InRange(CellText.WidthOf(line), 20, width));
    }

    [Fact]
    public void A_file_has_no_edge_and_nothing_is_cut()
    {
        string table = Screen(0);
        Assert.Contains("2026-11-27 23:59:59 2001:db8:1234:5678:9abc:def0:1234:5678 ", table, StringComparison.Ordinal);
        Assert.Contains("iat_mean_us ..5 +2.10", table, StringComparison.Ordinal);
        Assert.DoesNotContain("bytes 7..", table, StringComparison.Ordinal);
        Assert.DoesNotContain('…', table);
    }

    [Fact]
    public void Any_table_is_shown_with_the_columns_that_fit() => Assert.Equal(
        """
        protocol  packets fwd_bytes duration_us start_time
        tcp            10     12 kB       5.0 s 10:00:00
        tcp             4     600 B      0.4 ms 10:00:01
        """,
        string.Join('\n', Plain(
            52, s_table, ["protocol", "packets", "fwd_bytes", "duration_us", "start_time", "src_ip"]).Split('\n')[..3].Select(
            line => line.TrimEnd())));

    [Fact]
    public void Rows_behind_the_first_page_get_its_widths()
    {
        string table = "src_ip,label\n" + string.Concat(Enumerable.Repeat("10.0.0.1,x\n", 500)) + "10.0.0.1," + new string('y', 90) + "\n";
        string[] lines = Plain(80, table, ["src_ip", "label"]).TrimEnd('\n').Split('\n');
        Assert.Equal(502, lines.Length);
        Assert.Equal("10.0.0.1 yyyy…", lines[^1]);
    }

    [Fact]
    public void Colours_are_those_of_verdicts()
    {
        string screen = Screen(200, hasColour: true);
        Assert.Contains("\x1b[1;31mmalicious\x1b[0m", screen, StringComparison.Ordinal);
        Assert.Contains("\x1b[33mundecided\x1b[0m", screen, StringComparison.Ordinal);
        Assert.Contains(" benign ", screen, StringComparison.Ordinal);
        Assert.StartsWith("\x1b[1mTIME", screen, StringComparison.Ordinal);
        Assert.Equal(4, screen.Split('\n')[0].Count(c => c is '\x1b' or '['));
        Assert.DoesNotContain('\x1b', Screen(200));
    }

    private static string Screen(int width, bool hasColour = false, string? table = null)
    {
        table ??= s_table;
        using var opened = QueryTable.Open(table);
        FlowView view = new(new QueryColumns(opened.Columns), hasUnicode: true);
        return QueryTable.Answer(
            table, new FlowQuery { Columns = view.Names },
            sink: output => new TableView(output, new ViewSettings(width, hasColour, HasUnicode: true), view));
    }

    private static string Plain(int width, string table, string[] columns) => QueryTable.Answer(
        table, new FlowQuery { Columns = columns },
        sink: output => new TableView(output, new ViewSettings(width, HasColour: false, HasUnicode: true)));
}
