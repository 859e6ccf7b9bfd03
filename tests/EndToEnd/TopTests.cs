namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>flowmeter top</c> on a terminal of its own.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TopTests
{
    private const string Begin = "\x1b[?1049h";
    private const string End = "\x1b[?1049l";

    [BinaryFact(Need.Script)]
    public void It_draws_takes_keys_and_gives_the_terminal_back()
    {
        Launched run = PseudoTerminal.Start("C.UTF-8", $"top {Samples.Office}");
        run.Await(() => run.OutputSoFar.Contains("SUSPICIOUS FLOWS", StringComparison.Ordinal), "it draws");
        Press(run, "s");
        run.Await(() => run.OutputSoFar.Contains("by source downwards", StringComparison.Ordinal), "it sorts");
        Press(run, "?");
        run.Await(() => run.OutputSoFar.Contains("hold the picture", StringComparison.Ordinal), "it shows its keys");
        Press(run, "q");
        Finished end = run.Finish();
        Assert.Equal(0, end.ExitCode);
        AssertGivenBack(end.Output);
    }

    [BinaryFact(Need.Script)]
    public void An_interrupt_gives_the_terminal_back()
    {
        Launched run = PseudoTerminal.Start("C.UTF-8", $"top {Samples.Office}");
        run.Await(() => run.OutputSoFar.Contains("SUSPICIOUS FLOWS", StringComparison.Ordinal), "it draws");
        run.Input.Write([3]);
        run.Input.Flush();
        AssertGivenBack(run.Finish().Output);
    }

    [BinaryFact(Need.Script)]
    public void A_file_that_is_not_there_takes_no_screen()
    {
        Finished end = PseudoTerminal.Run("C.UTF-8", "top no-such.pcap");
        Assert.Contains("flowmeter: no-such.pcap: no such file; check the path.", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Begin, end.Output, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Without_a_terminal_there_is_one_line()
    {
        Finished end = FlowMeterBinary.Run("top", Samples.Office);
        Assert.Equal(2, end.ExitCode);
        Assert.StartsWith("flowmeter: top: is for a terminal", end.Errors, StringComparison.Ordinal);
    }

    [BinaryFact(Need.Script | Need.Network)]
    public void An_interface_is_shown_as_packets_come_and_when_it_is_down()
    {
        using VethPair wire = new();
        Launched run = wire.Start(PseudoTerminal.Command("C.UTF-8", $"top -i {VethPair.Interface}"));
        run.Await(() => LastOf(run).Contains("flowmeter: capturing far0  ", StringComparison.Ordinal), "it draws");
        Assert.Contains("flows live 0 ", LastOf(run), StringComparison.Ordinal);
        wire.Send(Wire.Flows(0, 500));
        run.Await(() => LastOf(run).Contains("flows live 500 ", StringComparison.Ordinal), "flows are there");
        Assert.DoesNotContain("! far0 is down", run.OutputSoFar, StringComparison.Ordinal);
        Press(run, " ");
        run.Await(() => LastOf(run).Contains("[held: p goes on]", StringComparison.Ordinal), "it is held");
        wire.Send(Wire.Flows(500, 200));
        wire.Set("down");
        Press(run, "p");
        run.Await(() => LastOf(run).Contains("flows live 700 ", StringComparison.Ordinal), "packets were metered all the same");
        run.Await(() => LastOf(run).Contains("! far0 is down", StringComparison.Ordinal), "the interface is down");
        Press(run, "q");
        Finished end = run.Finish();
        Assert.Equal(0, end.ExitCode);
        AssertGivenBack(end.Output);

        // What was said while the screen was taken.
        Assert.Contains(
            "flowmeter: far0: the interface is down", end.Output[end.Output.LastIndexOf(End, StringComparison.Ordinal)..],
            StringComparison.Ordinal);
    }

    [BinaryFact(Need.Script | Need.Network)]
    public void An_interface_that_is_not_there_takes_no_screen()
    {
        using VethPair wire = new();
        Launched run = wire.Start(PseudoTerminal.Command("C.UTF-8", "top -i nothing0"));
        Finished end = run.Finish();
        Assert.Equal(1, end.ExitCode);
        Assert.Contains("flowmeter: nothing0: ", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Begin, end.Output, StringComparison.Ordinal);
    }

    private static void Press(Launched run, string key)
    {
        run.Input.Write(System.Text.Encoding.ASCII.GetBytes(key));
        run.Input.Flush();
    }

    /// <summary>The newest whole picture; empty before the first one.</summary>
    private static string LastOf(Launched run)
    {
        string[] pictures = run.OutputSoFar.Split("\u001b[H");
        return pictures.Length < 3 ? pictures[^1] : pictures[^2] + pictures[^1];
    }

    private static void AssertGivenBack(string output)
    {
        int end = output.LastIndexOf(End, StringComparison.Ordinal);
        Assert.True(end > output.IndexOf(Begin, StringComparison.Ordinal));
        Assert.Contains("PROMPT", output[end..], StringComparison.Ordinal);
    }
}
