namespace FlowMeter.Cli.Shell;

/// <summary>What a command says on stderr beside its result: lines, and how far it is where a person looks on.</summary>
/// <param name="isQuiet">Whether only warnings and what was left out are told.</param>
internal sealed class Notes(bool isQuiet = false)
{
    /// <summary>Shows progress until what is returned is disposed; nothing off a terminal.</summary>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="done">How much is done: the count, and the share of the whole; null if unknown.</param>
    /// <param name="input">Bytes that were read and flows that came out; null: not shown.</param>
    public ProgressLine? Show(
        string unit, Func<(double Count, double? Share)> done, Func<(long Bytes, long? Flows)>? input = null) =>
        isQuiet || !Terminal.IsWatched ? null : new ProgressLine(unit, done, input);

    /// <summary>A line of its own, above the progress.</summary>
    public static void Tell(string line) => Terminal.Error.WriteLine($"flowmeter: {MessageLine.From(line)}");

    /// <summary>A warning, likewise.</summary>
    public static void Warn(string line) => Tell($"warning: {line}");

    /// <summary>A line that --quiet leaves out.</summary>
    public void Note(string line)
    {
        if (!isQuiet)
        {
            Tell(line);
        }
    }
}
