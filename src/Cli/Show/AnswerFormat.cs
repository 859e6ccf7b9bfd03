using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Export;

namespace FlowMeter.Cli.Show;

/// <summary>How the answer to a query is written.</summary>
internal static class AnswerFormat
{
    /// <summary>A table for people.</summary>
    public const string Table = "table";

    /// <summary>All formats, as <c>--format</c> calls them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Table, TableFormat.Csv.Name, TableFormat.JsonLines.Name];

    /// <summary>The encoding of an answer; null for a table for people.</summary>
    /// <param name="named">The format that was typed; null: none.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <exception cref="UsageException">The name of the output asks for another format, or for one that answers do not have.</exception>
    public static TableEncoding? Of(string? named, string output, bool isTerminal)
    {
        if (named == Table || (named == null && output == "-" && isTerminal))
        {
            return null;
        }

        try
        {
            TableEncoding encoding = TableEncoding.Of(output, named == null ? null : TableFormat.Find(named));
            return Names.Contains(encoding.Format.Name)
                ? encoding
                : throw new UsageException($"-o {output}: rows are written as {string.Join(", ", Names)}; give it the ending "
                    + $"{TableFormat.Csv.Ending} or {TableFormat.JsonLines.Ending}.");
        }
        catch (FormatException e)
        {
            throw new UsageException($"-o {e.Message}");
        }
    }
}
