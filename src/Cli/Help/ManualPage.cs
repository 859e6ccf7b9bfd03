using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary>The manual page, man(7), made of the same descriptions as the help.</summary>
internal sealed class ManualPage
{
    private readonly StringBuilder _page = new();

    private ManualPage()
    {
    }

    /// <summary>The page of a program.</summary>
    public static string Format(RootCommand root)
    {
        ManualPage page = new();
        page.WriteHead(root);
        foreach (Command command in root.Subcommands.Where(command => !command.Hidden))
        {
            page.WriteCommand(command);
        }

        page.WriteTail();
        return page._page.ToString();
    }

    private void WriteHead(RootCommand root)
    {
        Line($".TH FLOWMETER 1 \"\" \"flowmeter {ProgramVersion.Number}\" \"User Commands\"");
        Section("NAME");
        Line("flowmeter \\- turn packets into flows with exact statistics and verdicts");
        Section("SYNOPSIS");
        foreach (Command command in root.Subcommands.Where(command => !command.Hidden))
        {
            Line(".B flowmeter " + Escaped(command.Name));
            IEnumerable<string> arguments = command.Arguments
                .Select(argument => $" \\fI{Escaped(argument.Name)}\\fR{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}");
            Line($"[\\fIOPTION\\fR]...{string.Concat(arguments)}");
            Line(".br");
        }

        Section("DESCRIPTION");
        Text(root.Description!);
        Line(".PP");
        Text("Each command explains itself with --help.");
    }

    private void WriteCommand(Command command)
    {
        Section(Escaped($"flowmeter {command.Name}"));
        Text(command.Description!);
        foreach (Argument argument in command.Arguments)
        {
            Item($"\\fI{Escaped(argument.Name)}\\fR", argument.Description!);
        }

        foreach (OptionGroup group in OptionGroup.From(command))
        {
            if (group.Title.Length > 0)
            {
                Line($".SS \"{group.Title} options\"");
            }

            foreach (Option option in group.Options.Where(option => option is not HelpOption))
            {
                string names = string.Join(
                    ", ", option.Aliases.Order(StringComparer.Ordinal).Append(option.Name).Select(name => $"\\fB{Escaped(name)}\\fR"));
                Item(option.HelpName == null ? names : $"{names} \\fI{Escaped(option.HelpName)}\\fR", option.Description!);
            }
        }

        if (Examples.LinesOf(command) is { Count: > 0 } examples)
        {
            Line(".PP\nExamples:\n.PP\n.nf\n.RS");
            foreach (string example in examples)
            {
                Text(example);
            }

            Line(".RE\n.fi");
        }
    }

    private void WriteTail()
    {
        Section("FILES");
        Item(
            "\\fINAME\\fR.partial",
            "An output that is not whole yet, or that a failed run has left. capture finishes one whose writer is dead at its next start.");
        Item(
            "\\fI/etc/default/flowmeter\\fR, \\fI/etc/default/flowmeter\\-INTERFACE\\fR",
            "Options of the service flowmeter@INTERFACE, for all interfaces and for one.");
        Item("\\fI/var/lib/flowmeter/INTERFACE\\fR", "Where the service writes its tables.");
        Section("SIGNALS");
        Item("\\fBSIGINT\\fR, \\fBSIGTERM\\fR", "End read and capture in order: flows that are live end, and what was metered is written. "
            + "Other commands end at once and leave no output. A second one kills.");
        Item("\\fBSIGHUP\\fR", "capture begins a new file.");
        Item("\\fBSIGUSR1\\fR", "capture prints a line of counters on standard error.");
        Section("EXIT STATUS");
        Item("\\fB0\\fR", "All is done; also where the reader of a pipe left, and where SIGTERM ended capture.");
        Item(
            "\\fB1\\fR",
            "Something failed. One line on standard error says what, where, and what to do. What was metered is in NAME.partial.");
        Item("\\fB2\\fR", "The command line is wrong; nothing was written.");
        Item("\\fB130\\fR, \\fB143\\fR", "Ended by SIGINT or SIGTERM.");
        Section("SEE ALSO");
        Line(".BR pcap\\-filter (7),\n.BR tcpdump (1),\n.BR systemd.service (5)");
    }

    private void Section(string title) => Line($".SH \"{title.ToUpperInvariant()}\"");

    private void Item(string term, string text)
    {
        Line(".TP\n" + term);
        Text(text);
    }

    private void Text(string text) => Line(Escaped(text));

    private void Line(string line) => _page.Append(line).Append('\n');

    /// <summary>Text as it is meant: a hyphen is a minus, as typed on a command line, and no line is taken for a request.</summary>
    private static string Escaped(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("~", "\\(ti", StringComparison.Ordinal).Replace("^", "\\(ha", StringComparison.Ordinal)
            .Replace("`", "\\(ga", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? "\\&" + escaped : escaped;
    }
}
