using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>What a query gives: rows chosen, put in order, cut off and summed up.</summary>
public sealed class QueryRunTests
{
    [Fact]
    public void Without_a_question_the_rows_are_those_of_the_table() =>
        Assert.Equal(QueryTable.Flows, QueryTable.Answer(QueryTable.Flows, new FlowQuery()));

    [Fact]
    public void Rows_are_chosen_and_columns_put_in_order() =>
        Assert.Equal(
            "dst_port,src_ip,row\n53,2001:db8::7,3\n0,fe80::1,5\n",
            QueryTable.Answer(QueryTable.Flows, new FlowQuery { Expression = "src_ip ~ ':'", Columns = ["dst_port", "src_ip", "row"] }));

    [Theory]
    [InlineData("bytes", "1 2 3 5 4")]
    [InlineData("bytes:asc", "4 5 3 2 1")]
    [InlineData("score", "1 4 5 2 3")]
    [InlineData("score:asc", "2 5 4 1 3")]
    [InlineData("start_time", "1 2 3 4 5")]
    [InlineData("start_time:desc", "5 4 3 2 1")]
    [InlineData("src_ip", "1 2 4 3 5")]
    [InlineData("src_ip:desc", "5 3 4 2 1")]
    [InlineData("end_reason", "4 1 3 2 5")]
    [InlineData("end_reason:desc", "2 5 3 1 4")]
    [InlineData("packets:asc,bytes", "5 4 3 2 1")]
    [InlineData("row", "5 4 3 2 1")]
    [InlineData("duration", "3 1 5 2 4")]
    public void Rows_are_put_in_order(string sort, string rows)
    {
        FlowQuery query = new() { Sort = [.. sort.Split(',').Select(SortColumn.Parse)], Columns = ["row"] };
        Assert.Equal($"row {rows}", QueryTable.Answer(QueryTable.Flows, query).Trim().Replace('\n', ' '));
        string first = string.Join(' ', rows.Split(' ').Take(2));
        Assert.Equal($"row {first}", QueryTable.Answer(QueryTable.Flows, query with { Top = 2 }).Trim().Replace('\n', ' '));
    }

    [Fact]
    public void The_first_rows_are_enough_where_none_are_sorted()
    {
        using TextOutput output = new();
        using var table = QueryTable.Open(QueryTable.Flows);
        using QueryRun run = new(
            new FlowQuery { Top = 1 }, new QueryColumns(table.Columns), new CsvResult(output), Path.GetTempPath());
        Assert.False(run.IsDone);
        Assert.True(table.Read());
        run.Add(table);
        Assert.True(run.IsDone);
        Assert.Equal(1, run.Shown);
    }

    [Fact]
    public void Groups_are_summed_up_and_those_of_most_flows_come_first() =>
        Assert.Equal(
            """
            protocol,flows,packets,bytes,first_time,last_time,malicious
            6,3,15,12660,2026-11-26T23:59:59.999999999Z,2026-11-28T00:00:00.000000000Z,1
            17,1,2,200,2026-11-27T12:00:00.000000000Z,2026-11-27T12:02:00.000000000Z,0
            58,1,1,70,2026-11-28T01:00:00.000000000Z,2026-11-28T01:00:01.000000000Z,0

            """,
            QueryTable.Answer(QueryTable.Flows, new FlowQuery { By = ["protocol"] }));

    [Fact]
    public void A_group_has_its_first_and_last_time_and_both_ways_whatever_the_order_of_its_rows()
    {
        const string Table = """
            start_time,end_time,src_ip,fwd_bytes,bwd_bytes
            2026-11-27T10:00:02.000000000Z,2026-11-27T10:00:09.000000000Z,a,1,10
            2026-11-27T10:00:01.000000000Z,2026-11-27T10:00:03.000000000Z,a,2,20
            2026-11-27T10:00:05.000000000Z,2026-11-27T10:00:06.000000000Z,a,4,40

            """;
        string[] row = QueryTable.Answer(Table, new FlowQuery { By = ["src_ip"] }).Split('\n')[1].Split(',');
        Assert.Equal(["7", "70", "2026-11-27T10:00:01.000000000Z", "2026-11-27T10:00:09.000000000Z"], row[^4..]);
    }

    [Fact]
    public void Groups_are_sorted_cut_off_and_shown_by_their_own_columns() =>
        Assert.Equal(
            "bytes,proto\n12660,6\n200,17\n".Replace("proto", "protocol", StringComparison.Ordinal),
            QueryTable.Answer(QueryTable.Flows, new FlowQuery
            {
                By = ["proto"],
                Sort = [SortColumn.Parse("bytes")],
                Top = 2,
                Columns = ["bytes", "proto"],
            }));

    [Fact]
    public void Sums_are_exact_beyond_64_bits()
    {
        const string Table = "src_ip,packets,bytes\na,18446744073709551615,1\na,18446744073709551615,2.0\na,,x\n";
        Assert.Equal(
            "src_ip,flows,packets,bytes\na,3,36893488147419103230,3\n", QueryTable.Answer(Table, new FlowQuery { By = ["src_ip"] }));
    }

    [Theory]
    [InlineData("--sort", "bites")]
    [InlineData("--columns", "port")]
    [InlineData("--by", "ip")]
    public void An_option_names_one_column_that_is_there(string option, string word)
    {
        FlowQuery query = option switch
        {
            "--sort" => new FlowQuery { Sort = [new SortColumn(word, null)] },
            "--by" => new FlowQuery { By = [word] },
            _ => new FlowQuery { Columns = [word] },
        };
        QueryException e = Assert.Throws<QueryException>(() => QueryTable.Answer(QueryTable.Flows, query));
        Assert.Equal(option, e.Option);
        Assert.StartsWith($"{word}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_has_no_other_columns()
    {
        QueryException e = Assert.Throws<QueryException>(
            () => QueryTable.Answer(QueryTable.Flows, new FlowQuery { By = ["verdict"], Sort = [new SortColumn("score", null)] }));
        Assert.StartsWith("score: no column of the groups, which are verdict, flows, packets,", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1 << 12)]
    [InlineData(1 << 26)]
    public void Memory_changes_no_answer(int memory)
    {
        Random random = new(5);
        StringBuilder table = new("src_ip,dst_port,bytes,note\n");
        List<(string Ip, int Port, int Bytes, int Row)> rows = [];
        for (int row = 1; row <= 3000; row++)
        {
            rows.Add(($"10.0.{random.Next(4)}.{random.Next(50)}", random.Next(300), random.Next(500), row));
            table.Append(
                CultureInfo.InvariantCulture, $"{rows[^1].Ip},{rows[^1].Port},{rows[^1].Bytes},{new string('x', random.Next(60))}\n");
        }

        Assert.Equal(
            rows.OrderByDescending(row => row.Bytes).ThenBy(row => row.Row).Select(row => row.Row.ToString(CultureInfo.InvariantCulture)),
            Lines(new FlowQuery { Sort = [new SortColumn("bytes", null)], Columns = ["row"] }));
        Assert.Equal(
            rows.GroupBy(row => (row.Ip, row.Port)).Select(group => FormattableString.Invariant(
                $"{group.Key.Ip},{group.Key.Port},{group.Count()}")).Order(StringComparer.Ordinal),
            Lines(new FlowQuery { By = ["src_ip", "dst_port"], Columns = ["src_ip", "dst_port", "flows"] }).Order(StringComparer.Ordinal));

        string[] Lines(FlowQuery query) => QueryTable.Answer(table.ToString(), query, memory).TrimEnd().Split('\n')[1..];
    }

    [Fact]
    public void JSON_has_numbers_texts_and_nothing()
    {
        const string Table = "src_ip,bytes,score,label,note\n10.0.0.1,007,nan,1e5,\"a \"\"b\"\"\"\n10.0.0.2,-0.5e+1,,01,\n";
        string[] lines = QueryTable.Answer(Table, new FlowQuery(), sink: output => new JsonLinesResult(output)).TrimEnd().Split('\n');
        Assert.Equal(
            "{\"src_ip\":\"10.0.0.1\",\"bytes\":\"007\",\"score\":null,\"label\":\"1e5\",\"note\":\"a \\u0022b\\u0022\"}", lines[0]);
        Assert.Equal("{\"src_ip\":\"10.0.0.2\",\"bytes\":-0.5e+1,\"score\":null,\"label\":\"01\",\"note\":null}", lines[1]);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void CSV_has_quotes_where_a_value_needs_them() =>
        Assert.Equal(
            "a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n", QueryTable.Answer("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n", new FlowQuery()));

    [Fact]
    public void An_only_value_that_is_empty_is_a_row() =>
        Assert.Equal("b\n\"\"\n", QueryTable.Answer("a,b\n1,\n", new FlowQuery { Columns = ["b"] }));
}
