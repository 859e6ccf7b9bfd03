using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowMeter.Cli;
using FlowMeter.Cli.Capture;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Summary;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Scoring;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Rules;

/// <summary>What the pages for people say is true of the program: options, command lines, files, examples.</summary>
public sealed partial class ReadMeTests
{
    private static readonly string Repository = FindRepository();

    [Theory]
    [InlineData("README.md", "read")]
    [InlineData("docs/training.md", "train")]
    [InlineData("docs/training.md", "tune")]
    [InlineData("docs/training.md", "evaluate")]
    [InlineData("docs/training.md", "score")]
    [InlineData("docs/reports.md", "report")]
    [InlineData("docs/brokers.md", "collect")]
    [InlineData("docs/show.md", "show")]
    [InlineData("docs/show.md", "packets")]
    public void The_option_table_is_the_help_of_the_command(string page, string command)
    {
        string section = ReadPage(page).Split($"\n## Options of `flowmeter {command}`\n")[1].Split("\n## ")[0];
        string[] rows = [.. section.Split('\n').Where(
            line => line.StartsWith("| `-", StringComparison.Ordinal) || line.StartsWith("| **", StringComparison.Ordinal))];
        Assert.Equal(Rows(Commands.Root().Subcommands.Single(known => known.Name == command)), rows);
    }

    [Fact]
    public void The_option_table_of_live_capture_is_its_help()
    {
        string section = ReadPage("README.md").Split("\n## Live capture\n")[1].Split("\n## ")[0];
        string[] rows = [.. section.Split('\n').Where(
            line => line.StartsWith("| `-", StringComparison.Ordinal) || line.StartsWith("| **", StringComparison.Ordinal))];
        Assert.Equal(Rows(new CaptureCommand()), rows);
    }

    [Theory]
    [InlineData("README.md", 10)]
    [InlineData("CONTRIBUTING.md", 0)]
    [InlineData("docs/model-format.md", 0)]
    [InlineData("docs/hosts.md", 2)]
    [InlineData("docs/training.md", 6)]
    [InlineData("docs/reports.md", 5)]
    [InlineData("docs/operations.md", 1)]
    [InlineData("docs/brokers.md", 2)]
    [InlineData("docs/show.md", 15)]
    public void Every_command_line_parses(string page, int least)
    {
        string[][] commands = [.. Blocks(page, "sh").SelectMany(block => block.Split('\n')).SelectMany(CommandsOf)];
        Assert.True(commands.Length >= least, $"{page}: {commands.Length} command lines were found, at least {least} are there");
        foreach (string[] arguments in commands)
        {
            IEnumerable<string> errors = Commands.Root().Parse(arguments).Errors.Select(error => error.Message);
            Assert.True(!errors.Any(), $"{page}: flowmeter {string.Join(' ', arguments)}: {string.Join(' ', errors)}");
        }
    }

    [Theory]
    [InlineData("a 'b c' \"d|e\" # flowmeter f")]
    [InlineData("x | flowmeter read - --filter 'tcp port 1' > y", "read", "-", "--filter", "tcp port 1")]
    [InlineData("source <(flowmeter completion bash)", "completion", "bash")]
    [InlineData("sudo -u nobody flowmeter features", "features")]
    public void Command_lines_are_taken_apart_as_a_shell_does(string line, params string[] expected) =>
        Assert.Equal(expected, CommandsOf(line).SingleOrDefault() ?? []);

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("docs/model-format.md")]
    [InlineData("docs/training.md")]
    [InlineData("docs/model-card.md")]
    [InlineData("docs/reports.md")]
    [InlineData("docs/decisions.md")]
    [InlineData("docs/hosts.md")]
    [InlineData("docs/brokers.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/show.md")]
    [InlineData("docs/testing.md")]
    [InlineData("NOTICE")]
    public void Every_file_named_exists(string page)
    {
        string text = ReadPage(page);
        HashSet<string> sources = [.. new[] { "src", "tests", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Join(Repository, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetFileName(file))];
        Assert.DoesNotContain(PathPattern().Matches(text).Select(match => match.Value), path => !Path.Exists(Path.Join(Repository, path)));
        Assert.DoesNotContain(SourcePattern().Matches(text).Select(match => match.Value), name => !sources.Contains(name));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/model-format.md")]
    public void Every_model_shown_is_valid(string page) => Assert.All(Blocks(page, "json").Where(IsModel), block => ReadModel(page, block));

    [Fact]
    public void The_worked_example_of_the_model_format_is_right()
    {
        const string Page = "docs/model-format.md";
        IReadOnlyList<string> names = Profile.Find("flowmeter")!.FeatureNames;
        double[] flow = new double[names.Count];
        flow[names.ToList().IndexOf("duration_us")] = 999;
        flow[names.ToList().IndexOf("bwd_bytes")] = 60;
        double score = new Scorer(ReadModel(Page, Blocks(Page, "json").Single(IsModel)), names).ScoreOne(flow);
        Assert.Contains(FormattableString.Invariant($"| {score:0.0000} |"), ReadPage(Page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_shown_has_the_fields_of_a_summary()
    {
        using JsonDocument shown = JsonDocument.Parse(Blocks("README.md", "json").Single(block => !IsModel(block)));
        RunSummary summary = new()
        {
            Profile = "flowmeter",
            Counts = new RunCounts(new EngineMeter().Run(CaptureWriter.Pcap([])).Totals!),
            Seconds = 1,
            DecideAfter = null,
            Model = null,
            Workers = 1,
            MinPackets = 1,
        };
        using JsonDocument written = JsonDocument.Parse(summary.ToJson());
        Assert.Equal(
            written.RootElement.EnumerateObject().Select(property => property.Name),
            shown.RootElement.EnumerateObject().Select(property => property.Name));
        long skipped = shown.RootElement.GetProperty("skipped").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.Equal(shown.RootElement.GetProperty("frames").GetInt64(), shown.RootElement.GetProperty("metered").GetInt64() + skipped);
    }

    /// <summary>The rows of a command as README has them: a row for each group, then its options.</summary>
    private static IEnumerable<string> Rows(Command command) =>
        OptionGroup.From(command).SelectMany(
            group => group.Options.Select(Row).Prepend($"| **{group.Title}** | |").Skip(group.Title.Length == 0 ? 1 : 0));

    /// <summary>The row of an option as README has it: short names first, what it takes behind the last name.</summary>
    private static string Row(Option option)
    {
        IEnumerable<string> aliases = option.Aliases.Where(alias => alias.StartsWith('-')).Order(StringComparer.Ordinal);
        string names = string.Join(", ", aliases.Append(option.HelpName == null
            ? option.Name
            : $"{option.Name} {option.HelpName.Replace("|", "\\|", StringComparison.Ordinal)}").Select(name => $"`{name}`"));
        return $"| {names} | {option.Description} |";
    }

    /// <summary>
    /// The arguments of every call of flowmeter in a line of shell: pipes, redirections, substitutions and comments are cut off.
    /// </summary>
    private static IEnumerable<string[]> CommandsOf(string line)
    {
        List<string> words = [];
        foreach (Match token in TokenPattern().Matches(line).Append(Match.Empty))
        {
            if (token.Groups["word"].Success)
            {
                words.Add(token.Value.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal));
                continue;
            }

            int program = words.FindIndex(word => word is "flowmeter" or "artifacts/flowmeter");
            if (program >= 0)
            {
                yield return [.. words.Skip(program + 1)];
            }

            words.Clear();
            if (token.Value.StartsWith('#'))
            {
                yield break;
            }
        }
    }

    private static bool IsModel(string block) => block.Contains("\"schema\"", StringComparison.Ordinal);

    private static Model ReadModel(string page, string block) =>
        ModelJson.Read(
            Encoding.UTF8.GetBytes(block), page, Profile.All.ToDictionary(profile => profile.Name, profile => profile.FeatureNames));

    private static IEnumerable<string> Blocks(string page, string language) =>
        BlockPattern().Matches(ReadPage(page)).Where(block => block.Groups["language"].Value == language).Select(
            block => block.Groups["text"].Value);

    private static string ReadPage(string page) => File.ReadAllText(Path.Join(Repository, page)).ReplaceLineEndings("\n");

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Join(folder.FullName, "FlowMeter.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }

    [GeneratedRegex("""^```(?<language>\w*)\n(?<text>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    // A word, with quoted parts; or what ends one command and begins another; or the beginning of a comment.
    [GeneratedRegex("""(?<word>(?:[^\s'"|<>&;()#]|'[^']*'|"[^"]*"|(?<=\S)#)+)|[|<>&;()]+|\#.*""")]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"(?<![\w./-])(?:src|tests|scripts|samples|bench)/[\w./-]*\w/?")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\b[A-Z]\w+(?:\.\w+)*\.cs\b")]
    private static partial Regex SourcePattern();
}
