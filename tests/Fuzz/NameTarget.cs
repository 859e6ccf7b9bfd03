using System.Text;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// Names of files, which whoever may write in the folder chooses, against a pattern; and quantities and addresses as people type them. The
/// bytes: a line with the pattern, a line with a name, a line with a quantity or an address.
/// </summary>
internal static class NameTarget
{
    // As long as Linux has names.
    private const int MaxName = 255;

    private static readonly DateTimeOffset s_time = new(2026, 2, 28, 23, 59, 59, TimeSpan.Zero);

    public static void Run(byte[] bytes)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        Match(Name(lines[0]), Name(lines.ElementAtOrDefault(1) ?? ""));
        string typed = lines.ElementAtOrDefault(2) ?? "";
        foreach (decimal? read in new[] { Quantity.Time(typed), Quantity.Size(typed), Quantity.Count(typed), Quantity.Share(typed) })
        {
            Assert.True(read is null or >= 0, $"{typed} is {read}");
        }

        if (ListenAddress.TryParse(typed, out System.Net.IPEndPoint address))
        {
            Assert.InRange(address.Port, 1, ushort.MaxValue);
        }
    }

    private static string Name(string line) => line[..Math.Min(line.Length, MaxName)].Replace("\0", "", StringComparison.Ordinal);

    private static void Match(string path, string name)
    {
        if (path is "" or "." or "..")
        {
            return;
        }

        FileNamePattern pattern;
        try
        {
            pattern = new FileNamePattern("/run/" + path.Replace('/', '_'));
        }
        catch (FormatException refused)
        {
            Assert.StartsWith("/run/", refused.Message, StringComparison.Ordinal);
            return;
        }

        _ = pattern.Matches(name);
        string made = pattern.PathOf(s_time);
        Assert.True(pattern.Matches(Path.GetFileName(made)), $"{path} does not know its own {made}");
        string numbered = FileNamePattern.Numbered(made, 12);
        Assert.True(pattern.Matches(Path.GetFileName(numbered)), $"{path} does not know its own {numbered}");
    }
}
