using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Options;

/// <summary>An output of a run.</summary>
/// <param name="Option">The option that named it.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="What">What it is to the others, as in "the table's file".</param>
internal sealed record NamedOutput(string Option, string Path, string What)
{
    /// <summary>Those of some outputs that were asked for.</summary>
    public static IReadOnlyList<NamedOutput> Given(params (string Option, string? Path, string What)[] outputs) =>
        [.. outputs.Where(output => output.Path != null).Select(output => new NamedOutput(output.Option, output.Path!, output.What))];

    /// <summary>No output replaces another one.</summary>
    /// <exception cref="UsageException">Two of them are the same.</exception>
    public static void RejectSame(IReadOnlyList<NamedOutput> outputs)
    {
        foreach ((int number, NamedOutput output) in outputs.Index())
        {
            foreach (NamedOutput before in outputs.Take(number))
            {
                FileArgument.RejectSame(output.Option, output.Path, before.Path, before.What);
            }
        }
    }
}
