using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class ReplayTests
{
    private const int Packets = 1697;
    private const int Flows = 463;

    [BinaryTheory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(100, 1)]
    [InlineData(2, 4)]
    [InlineData(25, 2)]
    public void Every_loop_and_every_copy_has_flows_of_its_own(int loops, int copies)
    {
        Replayed replayed = Replay("--loops", Text(loops), "--flows", "x" + Text(copies));
        Assert.Equal(Packets * loops * copies, replayed.Packets);
        Assert.Equal(Flows * loops * copies, replayed.Flows);
    }

    [BinaryFact]
    public void It_says_how_fast_it_went_and_what_memory_it_took()
    {
        Replayed replayed = Replay("--loops", "20");
        Assert.Matches(@"\d M packets/s, [\d.]+ ns a packet", replayed.Output);
        Assert.Matches(@"M flows/s, [\d,]+ at a time", replayed.Output);
        Assert.Matches(@"memory +\d+   MiB resident at the peak", replayed.Output);
    }

    [BinaryFact]
    public void More_packets_allocate_nothing_more()
    {
        Replayed few = Replay("--loops", "20");
        Replayed many = Replay("--loops", "400");
        Assert.InRange(few.Allocated, 0, 64 << 10);
        Assert.InRange(many.Allocated, 0, few.Allocated + (8 << 10));
    }

    [BinaryFact]
    public void A_rate_is_kept()
    {
        Stopwatch clock = Stopwatch.StartNew();
        Replayed replayed = Replay("--loops", "10", "--pps", "12000");

        // The last batch, of some hundred packets, comes without a pause behind it.
        Assert.Equal(10 * Packets, replayed.Packets);
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.0, 60);
    }

    private static Replayed Replay(params string[] options)
    {
        string output = FlowMeterBinary.Run(["replay", Samples.Office, .. options]).Succeeded().Output;
        return new Replayed(output, Count(output, "packets"), Count(output, "flows"), Count(output, "allocated"));
    }

    private static long Count(string output, string name)
    {
        Match match = Regex.Match(output, $@"^{name} +([\d,]+) ", RegexOptions.Multiline);
        Assert.True(match.Success, output);
        return long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Replayed(string Output, long Packets, long Flows, long Allocated);
}
