using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;

namespace FlowMeter.Cli.Bench;

/// <summary><c>flowmeter replay</c>: a stress test of the real pipeline, from a capture held in memory.</summary>
internal sealed class ReplayCommand : Command
{
    private const int MaxCopies = 1024;

    private readonly Argument<string> _file = new("FILE") { Description = "The capture to play." };

    private readonly Option<long?> _loops = NumberOption.Whole(
        "--loops", 1, int.MaxValue,
        "How many times, each later and with other addresses than the one before. Default: 1.");

    private readonly Option<long?> _rate = NumberOption.Whole(
        "--pps", 1, int.MaxValue,
        "Packets a second, as 10k or 1M. Default: as fast as it goes.");

    private readonly Option<int> _flows = new("--flows")
    {
        Description = "Play this many copies at the same time, with addresses of their own: x8 has eight times the concurrent flows. "
            + "Default: x1.",
        HelpName = "xK",
        DefaultValueFactory = _ => 1,
        CustomParser = Copies,
    };

    private readonly Option<IPEndPoint?> _page = PageOptions.Page();

    private readonly Option<string?> _pageTokenFile = PageOptions.TokenFile();

    private readonly MeteringArguments _metering;

    public ReplayCommand()
        : base("replay", "Play a capture from memory through the whole pipeline, and print how fast it went.")
    {
        FileArgument.RejectOptions(_file);
        FileArgument.RejectEmpty(_file, _pageTokenFile);
        Arguments.Add(_file);
        Options.Add(_loops);
        Options.Add(_rate);
        Options.Add(_flows);
        Options.Add(_page);
        Options.Add(_pageTokenFile);
        _metering = new MeteringArguments(this, writes: false);
        Examples.Add(this, "flowmeter replay capture.pcap --loops 100", "flowmeter replay capture.pcap --loops 20 --flows x8 --workers 2");
        SetAction(result => ReplayRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public ReplayChoices ChoicesOf(ParseResult result) => new()
    {
        File = result.GetValue(_file)!,
        Loops = result.GetValue(_loops) ?? 1,
        PacketsPerSecond = result.GetValue(_rate),
        Copies = result.GetValue(_flows),
        Page = result.GetValue(_page),
        PageTokenFile = result.GetValue(_pageTokenFile),
        Metering = _metering.ChoicesOf(result),
    };

    private static int Copies(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text.TrimStart('x'), NumberStyles.None, CultureInfo.InvariantCulture, out int copies)
            && copies is >= 1 and <= MaxCopies)
        {
            return copies;
        }

        result.AddError($"--flows {text}: write it as x1 to x{MaxCopies}.");
        return 1;
    }
}
