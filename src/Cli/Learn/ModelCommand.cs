using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Learn;

/// <summary><c>flowmeter model</c>: the model inside as a file, to look at, to keep, or to begin from.</summary>
internal sealed class ModelCommand : Command
{
    private readonly Option<string> _profile = new("--profile")
    {
        Description = $"Whose model: {string.Join(" or ", DefaultModel.Profiles)}. Default: flowmeter.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "flowmeter",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the model goes, as JSON; - for standard output. Default: -.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "-",
    };

    public ModelCommand()
        : base("model", "Write out the model inside the binary, which --model builtin names.")
    {
        _profile.AcceptOnly([.. DefaultModel.Profiles]);
        FileArgument.RejectEmpty(_output);
        Options.Add(_profile);
        Options.Add(_output);
        Examples.Add(this, "flowmeter model --profile extended -o model.json");
        SetAction(result => Write(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public ModelChoices ChoicesOf(ParseResult result) => new()
    {
        Profile = result.GetValue(_profile)!,
        Output = result.GetValue(_output)!,
    };

    private static int Write(ModelChoices choices)
    {
        using OutputFile file = OutputFile.Open(choices.Output);
        file.Write(DefaultModel.ReadBytes(choices.Profile));
        file.Complete();
        return ExitCode.Done;
    }
}
