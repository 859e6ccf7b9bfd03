namespace FlowMeter.Tests.EndToEnd;

/// <summary>What a person sees on a terminal.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Script)]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("help read")]
    [InlineData("--version")]
    [InlineData("nonsense")]
    [InlineData("read OFFICE -o DIR/x.csv")]
    [InlineData("read OFFICE --color never")]
    [InlineData("read OFFICE --view csv")]
    [InlineData("show OFFICE --color never")]
    [InlineData("read -")]
    [InlineData("score - -o DIR/y.csv")]
    [InlineData("features")]
    [InlineData("interfaces")]
    [InlineData("model")]
    [InlineData("completion bash")]
    [InlineData("generate DIR/g.pcap --packets 100")]
    [InlineData("replay OFFICE")]
    [InlineData("capture -i lo --duration 0.2 -o DIR/z.csv")]
    public void No_escape_sequence_is_written_but_colours(string line)
    {
        string typed = line.Replace("OFFICE", Samples.Office, StringComparison.Ordinal).Replace(
            "DIR", _folder.Path, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', PseudoTerminal.Run("C.UTF-8", typed).Output);
    }

    [BinaryTheory(Need.Script)]
    [InlineData("C", "#", "\u2588")]
    [InlineData("POSIX", "#", "\u2588")]
    [InlineData("C.UTF-8", "\u2588", "#")]
    public void Progress_has_rate_and_time_left_in_the_letters_of_the_locale(string locale, string bar, string not)
    {
        string capture = _folder["big.pcap"];
        FlowMeterBinary.Run("generate", capture, "--packets", "4000000", "--flows", "200000").Succeeded();
        string output = PseudoTerminal.Run(locale, $"read {capture} --workers 1 -o {_folder["big.csv"]}").Output;
        Assert.Contains(" s left", output, StringComparison.Ordinal);
        Assert.Contains("/s", output, StringComparison.Ordinal);
        Assert.Contains(bar, output, StringComparison.Ordinal);
        Assert.DoesNotContain(not, output, StringComparison.Ordinal);
    }

    [BinaryFact(Need.Script)]
    public void Reading_from_the_terminal_is_said() =>
        Assert.Contains(
            "waits for a capture on standard input", PseudoTerminal.Run("C", $"read - -o {_folder["x.csv"]}").Output,
            StringComparison.Ordinal);

    [BinaryFact(Need.Script)]
    public void The_prompt_after_an_interrupt_has_a_line_of_its_own()
    {
        Launched running = PseudoTerminal.Start("C", $"read - -o {_folder["x.csv"]}");
        running.Await(() => running.OutputSoFar.Contains("Ctrl-C ends it", StringComparison.Ordinal), "it waits for a capture");
        running.Input.Write("\u0003"u8);
        running.Input.Flush();
        string output = running.AwaitEnd().EndedWith(130).Output;
        Assert.Matches(@"\n\r?PROMPT$", output);
    }

    [BinaryFact(Need.Script)]
    public void The_summary_fits_the_terminal()
    {
        string output = PseudoTerminal.Run("C", $"read {Samples.Office} -o {_folder["x.csv"]}").Output;
        Assert.All(output.Split('\n'), line => Assert.True(line.Split('\r').All(part => part.Length <= 80), line));
        Assert.Contains("463 undecided: fewer than 15 packets", output, StringComparison.Ordinal);
        Assert.Contains("default-flowmeter", output, StringComparison.Ordinal);
    }
}
