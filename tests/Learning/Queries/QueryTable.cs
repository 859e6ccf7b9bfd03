using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>Small tables of text, asked without files.</summary>
internal static class QueryTable
{
    /// <summary>A table of flows as profile flowmeter writes them, with fewer columns.</summary>
    public const string Flows = """
        start_time,end_time,src_ip,src_port,dst_ip,dst_port,protocol,end_reason,duration_us,packets,bytes,score,verdict
        2026-11-26T23:59:59.999999999Z,2026-11-27T00:00:05.000000000Z,10.1.2.3,50000,192.0.2.1,443,6,end,5000000.001,10,12000,0.95,malicious
        2026-11-27T10:00:00.000000000Z,2026-11-27T10:00:00.004000000Z,10.1.2.4,50001,192.0.2.1,80,6,idle,4000,4,600,0.1,benign
        2026-11-27T12:00:00.000000000Z,2026-11-27T12:02:00.000000000Z,2001:db8::7,53,192.0.2.53,53,17,forced,120000000,2,200,,undecided
        2026-11-28T00:00:00.000000000Z,2026-11-28T00:00:00.000000000Z,192.0.2.1,443,10.9.9.9,65535,6,active,0,1,60,0.5,benign
        2026-11-28T01:00:00.000000000Z,2026-11-28T01:00:01.000000000Z,fe80::1,0,ff02::2,0,58,idle,1000000,1,70,0.2,benign

        """;

    /// <summary>Opens a table of text.</summary>
    public static FlowTableReader Open(string text) =>
        new(new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t"), "t", _ => { });

    /// <summary>The numbers of the rows, from 1, that meet an expression.</summary>
    public static string Matching(string text, string expression)
    {
        using FlowTableReader table = Open(text);
        Condition condition = QueryParser.Parse(expression, new QueryColumns(table.Columns));
        List<long> rows = [];
        while (table.Read())
        {
            if (condition.Matches(table))
            {
                rows.Add(table.Rows);
            }
        }

        return string.Join(' ', rows);
    }

    /// <summary>The answer to a query, as CSV.</summary>
    public static string Answer(string text, FlowQuery query, int memory = 1 << 20, Func<RowOutput, IResultSink>? sink = null)
    {
        using FlowTableReader table = Open(text);
        using TextOutput output = new();
        using QueryRun run = new(
            query, new QueryColumns(table.Columns), sink == null ? new CsvResult(output) : sink(output), Path.GetTempPath(), memory);
        while (table.Read())
        {
            run.Add(table);
        }

        run.Complete();
        return output.Text;
    }
}
