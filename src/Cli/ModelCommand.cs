using System.CommandLine;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter model</c>: the model inside as a file, to look at, to keep, or to begin from.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        Option<string> profile = new("--profile") { Description = $"Whose model: {string.Join(" or ", DefaultModel.Profiles)}. Default: flowmeter.", HelpName = "NAME", DefaultValueFactory = _ => "flowmeter" };
        profile.AcceptOnly([.. DefaultModel.Profiles]);
        Option<string> output = new("--output", "-o") { Description = "Where the model goes, as JSON; - for standard output. Default: -.", HelpName = "PATH", DefaultValueFactory = _ => "-" };
        FileArgument.RejectEmpty(output);
        Command command = new("model", "Write out the model inside the binary, which --model builtin names.") { profile, output };
        Examples.Of(command, "flowmeter model --profile extended -o model.json");
        command.SetAction(result =>
        {
            using OutputFile file = OutputFile.Open(result.GetValue(output)!);
            file.Write(DefaultModel.ReadBytes(result.GetValue(profile)!));
            file.Complete();
            return ExitCode.Done;
        });
        return command;
    }
}
