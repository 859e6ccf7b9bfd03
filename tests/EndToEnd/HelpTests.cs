using System.Runtime.InteropServices;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class HelpTests
{
    [BinaryFact]
    public void The_version_says_that_the_binary_is_native_and_how_wide_its_vectors_are()
    {
        string version = FlowMeterBinary.Run("--version").Succeeded().Output;
        string width = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "256" : "128";
        Assert.Matches(
            $@"^flowmeter \d+\.\d+\.\d+ \(\S+, native, {width}-bit vectors\)\n(libpcap version .*, (built in|loaded from the system)|no "
                + $@"libpcap here: .*)\nzlib 1\.\S+ of \.NET 10\.\S+\n(libzstd 1\.\S+, loaded from the system|no libzstd here: .*)\n$",
            version);
    }

    [BinaryTheory]
    [InlineData("", "--version --help read train evaluate score features replay generate completion")]
    [InlineData("read", "-o --output --profile --model --filter --idle-timeout --active-timeout --min-packets --max-flows --local-net "
        + "--decapsulate --tunnel-port --workers --summary --quiet --help")]
    [InlineData("train", "-o --output --benign --malicious --labels --label-column --positive --flows-per-capture --profile --min-packets "
        + "--decide-after --force-feature --transform --feature-groups --penalty --class-weight --C --folds --split --hold-out "
        + "--target-recall --target-fpr --prevalence --seed --json --quiet --help")]
    [InlineData("evaluate", "--model --benign --malicious --labels --label-column --positive --target-recall --target-fpr --best-f1 "
        + "--prevalence --seed --json -q --quiet --help")]
    [InlineData("score", "--model -o --output --help")]
    [InlineData("features", "--profile --help")]
    [InlineData("replay", "--loops --pps --flows --profile --model --idle-timeout --active-timeout --min-packets --max-flows --local-net "
        + "--decapsulate --tunnel-port --workers --help")]
    [InlineData("generate", "--packets --flows --packets-per-flow --size --ipv6 --distribution --pps --seed --help")]
    [InlineData("completion", "bash zsh fish --help")]
    public void The_help_of_a_command_has_every_option_and_examples(string command, string words)
    {
        string help = FlowMeterBinary.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Succeeded().Output;
        Assert.All(words.Split(' '), word => Assert.Matches($@"(^|[\s,|<]){word}([\s,|>]|$)", help));
        Assert.Contains(
            $"Examples:\n  flowmeter {command}".TrimEnd(), help.Replace("source <(", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [BinaryTheory]
    [InlineData("flowmeter")]
    [InlineData("deepfence")]
    public void Features_explains_every_column_of_the_table(string profile)
    {
        string[] explained = [.. FlowMeterBinary.Run("features", "--profile", profile).Succeeded().Output
            .Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim())];
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "--profile", profile).Table();
        Assert.All(table.Header, column => Assert.Contains(explained, line => line.StartsWith(column + "  ", StringComparison.Ordinal)
            && line.Length > column.Length + 10));
        Assert.Contains(explained, line => line.StartsWith("verdict  ", StringComparison.Ordinal));
    }

    [BinaryTheory(Need.Bash)]
    [InlineData("flowmeter read --mod", "--model")]
    [InlineData("flowmeter read --profile d", "deepfence")]
    [InlineData("flowmeter repl", "replay")]
    [InlineData("flowmeter train t --penalty l", "l1\nl2")]
    [InlineData("flowmeter read x --model buil", "builtin\nbuilt-here.json")]
    [InlineData("flowmeter read x --model built-h", "built-here.json")]
    public void Bash_completes_what_is_typed(string line, string completion)
    {
        using TemporaryFolder folder = new();
        folder.Write("built-here.json", "");
        const string script = """
            PATH=$(dirname "$0"):$PATH
            cd "$2"
            source <(flowmeter completion bash)
            COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _flowmeter
            printf '%s\n' "${COMPREPLY[@]}"
            complete -p flowmeter
            """;
        Finished finished = Launched.Start("bash", "-c", script, FlowMeterBinary.Path!, line, folder.Path).Finish().Succeeded();
        Assert.Equal($"{completion}\ncomplete -o filenames -F _flowmeter flowmeter\n", finished.Output);
    }

    [BinaryTheory]
    [InlineData("flowmeter train t --penalty l", "l1")]
    [InlineData("flowmeter read x --model buil", "builtin")]
    [InlineData("flowmeter read x --model buil", "built-here.json")]
    [InlineData("flowmeter read x --profile d", "deepfence")]
    public void Fish_and_zsh_complete_what_is_typed(string line, string completion)
    {
        using TemporaryFolder folder = new();
        folder.Write("built-here.json", "");
        const string fish = """
            set -x PATH (path dirname $argv[1]) $PATH
            cd $argv[3]
            flowmeter completion fish | source
            complete -C "$argv[2]"
            """;
        const string zsh = """
            PATH=${1:h}:$PATH
            cd "$3"
            compdef() {}
            compadd() { print -l -- "${(@P)2}" }
            _files() { print -l -- *(N) }
            source <(flowmeter completion zsh)
            BUFFER=$2 CURSOR=${#2}
            _flowmeter
            """;
        foreach ((string shell, string[] start) in new[] { ("fish", new[] { "-N", "-c", fish }), ("zsh", ["-f", "-c", zsh, "zsh"]) })
        {
            if (Available.HasCommand(shell))
            {
                Finished finished = Launched.Start(shell, [.. start, FlowMeterBinary.Path!, line, folder.Path]).Finish().Succeeded();
                Assert.Contains(completion, finished.Output.Split('\n').Select(word => word.Split('\t')[0]));
            }
        }
    }

    [BinaryTheory]
    [InlineData("", "Commands:")]
    [InlineData("help", "Commands:")]
    [InlineData("help read", "flowmeter read")]
    [InlineData("-V", "flowmeter ")]
    public void Help_and_version_are_there_by_every_name(string line, string words) =>
        Assert.Contains(
            words, FlowMeterBinary.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Succeeded().Output,
            StringComparison.Ordinal);

    [BinaryTheory]
    [InlineData(
        "capture.pcap", "flowmeter: capture.pcap: is no command; did you mean flowmeter read capture.pcap? See flowmeter read --help")]
    [InlineData("help raed", "flowmeter: raed: no such command; did you mean read? See flowmeter read --help")]
    public void A_slip_of_the_pen_is_a_usage_error(string line, string message) =>
        Assert.Equal(message, FlowMeterBinary.Run(line.Split(' ')).EndedWith(2).OnlyLine());
}
