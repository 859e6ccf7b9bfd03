using System.CommandLine;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary>
/// <c>flowmeter completion</c>: scripts that let a shell complete commands and options. They ask the program itself, so they never go
/// stale.
/// </summary>
internal sealed class CompletionCommand : Command
{
    private const string Bash = """
        _flowmeter() {
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$(flowmeter "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
            [[ ${#COMPREPLY[@]} -eq 0 || ${COMP_WORDS[COMP_CWORD - 1]} == --model ]] && COMPREPLY+=( $(compgen -f -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -o filenames -F _flowmeter flowmeter
        """;

    private const string Zsh = """
        #compdef flowmeter
        _flowmeter() {
            local -a suggestions
            suggestions=("${(@f)$(flowmeter "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a suggestions
            _files
        }
        # Sourced, or loaded by the shell at the first completion, which is then to be answered.
        if [ "$funcstack[1]" = "_flowmeter" ]; then _flowmeter "$@"; else compdef _flowmeter flowmeter; fi
        """;

    private const string Fish = """
        complete -c flowmeter -a '(set -l line (commandline -cp); flowmeter "[suggest:"(string length -- $line)"]" $line 2>/dev/null)'
        """;

    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish." };

    public CompletionCommand()
        : base("completion", "Print a script that completes commands and options in your shell.")
    {
        _shell.AcceptOnly("bash", "zsh", "fish");
        Arguments.Add(_shell);
        Examples.Add(
            this,
            "source <(flowmeter completion bash)",
            "flowmeter completion fish > ~/.config/fish/completions/flowmeter.fish");
        SetAction(result =>
        {
            result.InvocationConfiguration.Output.WriteLine(result.GetValue(_shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCode.Done;
        });
    }
}
