using System.CommandLine;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary>
/// The help of a command in 80 columns, its options in groups. The library's own asks the terminal for its width, which switches the keypad
/// mode on.
/// </summary>
internal static class HelpPage
{
    private const int Width = 80;
    private const int NameWidth = 26;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter to, Command command)
    {
        to.WriteLine("Description:");
        WriteItem(to, "", command.Description!, 2);
        Command[] commands = [.. command.Subcommands.Where(other => !other.Hidden)];
        string arguments = string.Concat(command.Arguments.Select(argument =>
            $" {(argument.Arity.MinimumNumberOfValues == 0 ? "[" : "")}<{argument.Name}>"
                + $"{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}{(argument.Arity.MinimumNumberOfValues == 0 ? "]" : "")}"));
        to.WriteLine($"\nUsage:\n  {(command is RootCommand ? "flowmeter [command]" : $"flowmeter {command.Name}{arguments}")} [options]");
        Section(to, "Commands", commands.Select(other => (other.Name, other.Description!)));
        Section(to, "Arguments", command.Arguments.Select(argument => ($"<{argument.Name}>", argument.Description!)));
        foreach (OptionGroup group in OptionGroup.From(command))
        {
            Section(
                to, group.Title.Length == 0 ? "Options" : $"{group.Title} options",
                group.Options.Select(option => (NamesOf(option), option.Description!)));
        }

        to.WriteLine("\nExamples:");
        foreach (string line in Examples.LinesOf(command))
        {
            to.WriteLine($"  {line}");
        }
    }

    private static string NamesOf(Option option) =>
        string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-')).Order(StringComparer.Ordinal).Append(option.Name))
            + (option.HelpName == null ? "" : $" <{option.HelpName}>");

    private static void Section(TextWriter to, string title, IEnumerable<(string Name, string Text)> items)
    {
        (string Name, string Text)[] all = [.. items];
        if (all.Length == 0)
        {
            return;
        }

        to.WriteLine($"\n{title}:");
        int indent = Math.Min(all.Max(item => item.Name.Length), NameWidth) + 4;
        foreach ((string name, string text) in all)
        {
            WriteItem(to, name, text, indent);
        }
    }

    private static void WriteItem(TextWriter to, string name, string text, int indent)
    {
        string margin = new(' ', indent);
        string first = $"  {name}";
        if (name.Length > 0 && first.Length + 2 > indent)
        {
            to.WriteLine(first);
            first = "";
        }

        foreach (string line in Paragraph.Lines(text, Width - indent))
        {
            to.WriteLine(first.PadRight(indent) + line);
            first = margin;
        }
    }
}
