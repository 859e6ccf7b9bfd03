using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;

namespace FlowMeter.Cli.Top;

/// <summary><c>flowmeter top</c>: what goes on, on the whole terminal.</summary>
internal sealed class TopCommand : Command
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "A capture to read in place of an interface.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _interfaces = new("--interface", "-i")
    {
        Description = "The interface to capture; flowmeter interfaces lists them. May be given several times.",
        HelpName = "IF",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Judge every flow with this model: a FlowMeter JSON file or a Deepfence parameter folder; none: do not judge. "
            + "Default: the one inside.",
        HelpName = "PATH",
    };

    public TopCommand()
        : base("top", "Show rates, drops, verdicts, hosts and suspicious flows on the whole terminal, live or of a capture.")
    {
        FileArgument.RejectOptions(_file);
        FileArgument.RejectEmpty(_file, _model);
        Arguments.Add(_file);
        Options.Add(_interfaces);
        Options.Add(_model);
        Validators.Add(result =>
        {
            bool hasFile = result.GetValue(_file) != null;
            string[] interfaces = result.GetValue(_interfaces) ?? [];
            if (hasFile == interfaces.Length > 0)
            {
                result.AddError("name a capture, or interfaces with -i: one of the two.");
            }
            else if (interfaces.Any(name => name.Length == 0))
            {
                result.AddError("--interface: the name is empty.");
            }
        });
        Examples.Add(this, "flowmeter top -i eth0", "flowmeter top capture.pcap");
        SetAction(result => TopRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public TopChoices ChoicesOf(ParseResult result) => new()
    {
        File = result.GetValue(_file),
        Interfaces = [.. (result.GetValue(_interfaces) ?? []).Distinct()],
        ModelPath = result.GetValue(_model),
    };
}
