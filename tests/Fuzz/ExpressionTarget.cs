using System.Text;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Show;
using FlowMeter.Learning.Queries;
using FlowMeter.Tests.Learning.Queries;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// Expressions of <c>flowmeter show</c> on a table whose columns are known and on one where nothing is: refused with the place of the
/// fault, or read; then what is asked twice over, and the contrary, choose the rows that they should.
/// </summary>
internal static class ExpressionTarget
{
    private const string Others = "ts,id.orig_h,name,x\n1700000000.5,10.0.0.1,a word,3\n2026-11-27,2001:db8::1,\"a, b\",-\n,,,1e3\n";

    public static void Run(byte[] bytes)
    {
        string expression = Encoding.UTF8.GetString(bytes);
        bool isRead = Try(() => QueryParser.Check(expression), expression);
        foreach (string table in new[] { QueryTable.Flows, Others })
        {
            string chosen = "";
            if (!Try(() => chosen = QueryTable.Matching(table, expression), expression))
            {
                continue;
            }

            Assert.True(isRead, "it fits a table though it is no expression");
            if (expression.Length < 2000)
            {
                Assert.Equal(chosen, QueryTable.Matching(table, $"({expression}) and ({expression})"));
                Assert.Equal(chosen, QueryTable.Matching(table, $"not (not ({expression}))"));
                Assert.Equal(
                    QueryTable.Matching(table, "row >= 1"), QueryTable.Matching(table, $"({expression}) or not ({expression})"));
                Assert.Equal("", QueryTable.Matching(table, $"({expression}) and not ({expression})"));
            }
        }
    }

    /// <summary>False where it is refused, in a line or three that a terminal can show.</summary>
    private static bool Try(Action action, string expression)
    {
        try
        {
            action();
            return true;
        }
        catch (QueryException e)
        {
            Assert.InRange(e.At, 0, expression.Length);
            Assert.InRange(e.Length, 1, Math.Max(expression.Length - e.At, 1));
            UsageException told = QueryFault.From(e, expression);
            Assert.All(told.Excerpt, line => Assert.True(line.Length < 80 && line.All(c => c is >= ' ' and <= '~'), line));
            Assert.Contains('^', told.Excerpt[^1]);
            return false;
        }
    }
}
