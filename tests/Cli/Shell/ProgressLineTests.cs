using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli.Shell;

/// <summary>The line that says how far a run is.</summary>
public sealed class ProgressLineTests
{
    [Theory]
    [InlineData(2, 12_300_000, 0.5, 1_234_000_000L, 120_500L,
        " 50 % #####.....  1.2 GB  12.3 M packets  6.2 M/s  0.1 M flows  2 s left")]
    [InlineData(1, 50, 1.0, 999L, 7L, "100 % ##########  999 B  50 packets  50/s  7 flows  0 s left")]
    [InlineData(1, 50, null, 999L, null, "999 B  50 packets  50/s")]
    [InlineData(1, 50, null, null, null, "50 packets  50/s")]
    [InlineData(1, 50, 0.25, null, null, " 25 % ######..................  50 packets  50/s  3 s left")]
    public void It_has_what_is_known(double seconds, double count, double? share, long? bytes, long? flows, string line)
    {
        string shown = ProgressLine.TextOf(
            seconds, count, "packets", share, bytes is { } read ? (read, flows) : null, hasUnicode: false);
        Assert.Equal(line, shown);
        Assert.InRange(shown.Length, 1, 79);
    }
}
