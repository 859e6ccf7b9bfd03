using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>The language of expressions: what it means, and what it refuses.</summary>
public sealed class QueryParserTests
{
    private const string NotRegular =
        "is too large, or refers back or looks around, which no expression here can; write a simpler one";

    private const string Others = """"
        ts,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,service,duration,orig_ip_bytes,resp_ip_bytes,label,size
        1795392000.5,10.0.0.1,1234,192.0.2.9,443,tcp,ssl,1.5,100,2000,bad,10k
        1795392001.5,10.0.0.2,1235,192.0.2.9,53,udp,dns,-,60,70,"a, ""b""",7

        """";

    [Theory]
    [InlineData("dst_port == 443", "1")]
    [InlineData("dst_port != 443", "2 3 4 5")]
    [InlineData("dst_port in (80, 53)", "2 3")]
    [InlineData("dst_port not in (80, 53)", "1 4 5")]
    [InlineData("packets > 1 and packets <= 4", "2 3")]
    [InlineData("packets < 2 or packets >= 10", "1 4 5")]
    [InlineData("not packets == 1", "1 2 3")]
    [InlineData("not (packets == 1 or packets == 2)", "1 2")]
    [InlineData("packets == 1 or packets == 2 and dst_port == 53", "3 4 5")]
    [InlineData("(packets == 1 or packets == 2) and dst_port == 53", "3")]
    [InlineData("not not packets == 10", "1")]
    [InlineData("bytes >= 12k", "")]
    [InlineData("bytes >= 12kB", "1")]
    [InlineData("bytes > 0.1e3 and bytes < 1e3", "2 3")]
    [InlineData("score > 90%", "1")]
    [InlineData("score > 0.9", "1")]
    [InlineData("score < 1", "1 2 4 5")]
    [InlineData("score != 0.5", "1 2 3 5")]
    [InlineData("src_ip == 10.1.2.3", "1")]
    [InlineData("src_ip in 10.0.0.0/8", "1 2")]
    [InlineData("src_ip in (10.1.2.4, fe80::/10)", "2 5")]
    [InlineData("src_ip == 2001:DB8:0::7", "3")]
    [InlineData("src_ip not in 10.0.0.0/8", "3 4 5")]
    [InlineData("src_ip in 0.0.0.0/0", "1 2 4")]
    [InlineData("ip == 192.0.2.1", "1 2 4")]
    [InlineData("ip != 192.0.2.1", "3 5")]
    [InlineData("net in 10.0.0.0/8", "1 2 4")]
    [InlineData("port == 443", "1 4")]
    [InlineData("port < 100", "2 3 5")]
    [InlineData("start_time >= 2026-11-28", "4 5")]
    [InlineData("start_time > 2026-11-27", "4 5")]
    [InlineData("start_time == 2026-11-27", "2 3")]
    [InlineData("start_time <= 2026-11-27", "1 2 3")]
    [InlineData("start_time < 2026-11-27", "1")]
    [InlineData("start_time < 2026-11-27T10:00:00.000000001Z", "1 2")]
    [InlineData("start_time >= \"2026-11-27 12:00\" and end_time < 2026-11-28T00:00Z", "3")]
    [InlineData("duration > 5s", "1 3")]
    [InlineData("duration == 2m", "3")]
    [InlineData("duration_us == 4ms", "2")]
    [InlineData("duration_us > 4000", "1 3 5")]
    [InlineData("verdict == malicious", "1")]
    [InlineData("verdict in (malicious, undecided)", "1 3")]
    [InlineData("protocol == tcp", "1 2 4")]
    [InlineData("proto == UDP", "3")]
    [InlineData("protocol == 58", "5")]
    [InlineData("end_reason ~ '^(idle|active)$'", "2 4 5")]
    [InlineData("src_ip ~ ':'", "3 5")]
    [InlineData("row > 3", "4 5")]
    [InlineData("row in (1, 5)", "1 5")]
    [InlineData("src_port == dst_port", "3 5")]
    [InlineData("src_port > dst_port", "1 2")]
    [InlineData("src_port >= dst_port", "1 2 3 5")]
    [InlineData("src_port < dst_port", "4")]
    [InlineData("src_port <= dst_port", "3 4 5")]
    [InlineData("end_time > start_time", "1 2 3 5")]
    [InlineData("end_reason == \"end\"", "1")]
    [InlineData("\"end_reason\" == end", "1")]
    public void An_expression_chooses_rows(string expression, string rows) =>
        Assert.Equal(rows, QueryTable.Matching(QueryTable.Flows, expression));

    [Theory]
    [InlineData("id.resp_p == 443", "1")]
    [InlineData("ip in 192.0.2.0/24", "1 2")]
    [InlineData("ip == 10.0.0.2", "2")]
    [InlineData("port == 53", "2")]
    [InlineData("proto == tcp", "1")]
    [InlineData("proto == 6", "")]
    [InlineData("duration > 1s", "1")]
    [InlineData("ts >= 1795392001", "2")]
    [InlineData("ts == 2026-11-23", "1 2")]
    [InlineData("label == bad", "1")]
    [InlineData("label == 'a, \"b\"'", "2")]
    [InlineData("label == \"a, \\\"b\\\"\"", "2")]
    [InlineData("label ~ b", "1 2")]
    [InlineData("size < 10", "2")]
    [InlineData("size == \"10k\"", "1")]
    public void A_table_of_another_program_is_asked_by_its_own_names(string expression, string rows) =>
        Assert.Equal(rows, QueryTable.Matching(Others, expression));

    [Theory]
    [InlineData("", 0, 1, "the expression is empty; leave it out, or write one as dst_port == 443")]
    [InlineData("dst_prt == 443", 0, 7, "dst_prt: no such column")]
    [InlineData("dst_port = 443", 9, 1, "= is no comparison; write == for equal")]
    [InlineData("dst_port ! 443", 9, 1, "! is no comparison; write != for unequal, or not before a condition")]
    [InlineData("dst_port == ", 12, 1, "expected a value")]
    [InlineData("dst_port == https", 12, 5, "dst_port is a number; write it as 443, 0.9, 10k or 90%")]
    [InlineData("dst_port == '443'", 12, 5, "dst_port is a number; write it as 443, 0.9, 10k or 90%")]
    [InlineData("bytes > 5s", 8, 2, "bytes is a number; write it as 443, 0.9, 10k or 64MB")]
    [InlineData("duration > long", 11, 4, "duration_us is a duration; write it as 5s, 2m or 1.5h, or as a number in its unit")]
    [InlineData("start_time > soon", 13, 4, "start_time is a time; write it as 2026-11-27 or 2026-11-27T10:00:00Z")]
    [InlineData("src_ip == me", 10, 2, "src_ip is an address; write it as 10.1.2.3, 2001:db8::1 or 10.0.0.0/8")]
    [InlineData("src_ip in 10.0.0.0/33", 10, 11, "a prefix is a number from 0 to 32")]
    [InlineData("src_ip in 10.0.0.1/8", 10, 10, "has bits set behind its prefix; write the network, or the address alone")]
    [InlineData("src_ip > 10.0.0.1", 9, 8, "an address is equal to another one or in a network; write ==, != or in")]
    [InlineData("end_reason < idle", 13, 4, "end_reason is text, which is not less or greater; write ==, !=, ~ or in")]
    [InlineData("verdict == evil", 11, 4, "evil: no such verdict, only benign, malicious, undecided")]
    [InlineData("443 == dst_port", 0, 3, "a comparison begins with the name of a column, as in dst_port == 443")]
    [InlineData("dst_port 443", 9, 3, "expected a comparison: ==, !=, <, <=, >, >=, ~ or in")]
    [InlineData("dst_port not 443", 13, 3, "expected in")]
    [InlineData("and", 0, 3, "expected the name of a column")]
    [InlineData("row == 1 row == 2", 9, 3, "expected and, or, or the end of the expression")]
    [InlineData("row == 1)", 8, 1, "this parenthesis closes nothing")]
    [InlineData("(row == 1", 0, 1, "this parenthesis is never closed")]
    [InlineData("(row == 1 row", 10, 3, "expected and, or, or a closing parenthesis")]
    [InlineData("row in (1 2)", 10, 1, "expected a comma or a closing parenthesis, as in dst_port in (80, 443)")]
    [InlineData("row in ()", 8, 1, "expected a value")]
    [InlineData("end_reason == 'a", 14, 1, "the quote is never closed; end the text with '")]
    [InlineData("end_reason ~ '(a'", 13, 4, "is no regular expression: Invalid pattern '(a' at offset 2. Not enough )'s")]
    [InlineData(@"end_reason ~ '(a)\1'", 13, 7, NotRegular)]
    [InlineData("end_reason ~ '((a{1000}){1000}){1000}'", 13, 25, NotRegular)]
    [InlineData("src_ip < dst_ip", 9, 6, "src_ip and dst_ip are not both numbers or times; write == or !=")]
    public void What_is_no_expression_is_refused_at_its_place(string expression, int at, int length, string message)
    {
        QueryException e = Assert.Throws<QueryException>(() => QueryTable.Matching(QueryTable.Flows, expression));
        Assert.Equal((at, length, message), (e.At, e.Length, e.Message));
    }

    [Fact]
    public void An_unknown_unit_is_no_duration()
    {
        QueryException e = Assert.Throws<QueryException>(() => QueryTable.Matching(Others, "size > 5s"));
        Assert.Equal("the unit of size is not known; write a number alone, or text in quotes", e.Message);
    }

    [Fact]
    public void What_is_wrong_in_any_table_is_found_without_one()
    {
        QueryParser.Check("anything == 1 and (nothing ~ x or some in (1, b, 10.0.0.0/8))");
        Assert.Equal(12, Assert.Throws<QueryException>(() => QueryParser.Check("anything == (1)")).At);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(not ")]
    [InlineData("not ")]
    public void A_hundred_thousand_levels_are_a_message_or_nothing(string level)
    {
        const int Levels = 12_000;
        string expression = string.Concat(Enumerable.Repeat(level, Levels)) + "row == 1";
        if (level.Contains('(', StringComparison.Ordinal))
        {
            Assert.Equal(
                "parentheses are nested at most 100 deep", Assert.Throws<QueryException>(() => QueryParser.Check(expression)).Message);
        }
        else
        {
            Assert.Equal("1", QueryTable.Matching(QueryTable.Flows, expression));
        }

        string longer = string.Concat(Enumerable.Repeat(level, 100_000));
        Assert.Equal(
            "an expression has at most 65536 characters", Assert.Throws<QueryException>(() => QueryParser.Check(longer)).Message);
    }

    [Fact]
    public void An_unknown_name_comes_with_those_that_there_are()
    {
        QueryException e = Assert.Throws<QueryException>(() => QueryTable.Matching(QueryTable.Flows, "dst_prt == 443"));
        Assert.Equal("dst_prt", e.Unknown);
        Assert.Contains("dst_port", e.Known);
        Assert.Contains("port", e.Known);
        Assert.DoesNotContain("host", e.Known);
    }
}
