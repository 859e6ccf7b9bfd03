using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.Show;

/// <summary>What is wrong with a query, as a line, and above it the place in the expression with carets below.</summary>
internal static class QueryFault
{
    private const int Width = 76;
    private const int Before = 40;

    /// <summary>Refuses what is no expression, whatever the table.</summary>
    /// <param name="expression">What was typed; null: nothing.</param>
    /// <exception cref="UsageException">It is no expression.</exception>
    public static void Check(string? expression)
    {
        if (expression == null)
        {
            return;
        }

        try
        {
            QueryParser.Check(expression);
        }
        catch (QueryException e)
        {
            throw From(e, expression);
        }
    }

    /// <summary>The exception whose message is the line.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="expression">The expression; null where there is none, and the fault is in an option.</param>
    public static UsageException From(QueryException fault, string? expression)
    {
        string meant = fault.Unknown != null && NearestWord.Find(fault.Unknown, fault.Known) is { } nearest
            ? $"; did you mean {nearest}?"
            : ".";
        return new UsageException($"{(fault.Option ?? "expression")}: {fault.Message}{meant}")
        {
            Excerpt = fault.Option != null || expression == null ? [] : ExcerptOf(expression, fault.At, fault.Length),
        };
    }

    /// <summary>
    /// The part of the expression that has the fault, in which what is not plain ASCII is a question mark, so that the carets stand where
    /// they should.
    /// </summary>
    private static string[] ExcerptOf(string expression, int at, int length)
    {
        int start = at + length <= Width ? 0 : Math.Max(at - Before, 0);
        string shown = string.Concat(expression.Skip(start).Take(Width).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return [$"  {shown}", $"  {new string(' ', at - start)}{new string('^', Math.Clamp(length, 1, Width - (at - start)))}"];
    }
}
