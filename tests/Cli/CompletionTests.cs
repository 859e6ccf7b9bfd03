using FlowMeter.Cli;
using FlowMeter.Native;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.Cli;

/// <summary>What the program offers a shell at the end of a line.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("read x --model b", "builtin")]
    [InlineData("read x --model no", "none")]
    [InlineData("score x --model b", "builtin")]
    [InlineData("evaluate x --model b", "builtin")]
    [InlineData("train x --penalty l", "l1 l2")]
    [InlineData("train x --penalty l1 l", "l1 l2")]
    [InlineData("train x --transform id", "identity")]
    [InlineData("train x --feature-groups ga", "gaps")]
    [InlineData("train x --class-weight ba", "balanced")]
    [InlineData("read x --profile app", "appflow")]
    [InlineData("read x --tunnel-port vxlan-", "vxlan-gpe=")]
    public void Words_are_completed(string line, string words) => Assert.Equal(words.Split(' '), Offered(line));

    [LoopbackFact]
    public void Interfaces_are_completed()
    {
        string name = CaptureDevice.List().First(device => device.State.HasFlag(CaptureDeviceState.Loopback)).Name;
        Assert.Contains(name, Offered($"capture -i {name[..1]}"));
        Assert.Contains(name, Offered($"capture -i x --forward-to {name[..1]}"));
    }

    private static string[] Offered(string line) =>
        [.. Commands.Root().Parse(line).GetCompletions(line.Length).Select(item => item.Label).Where(word => !word.StartsWith('-'))];
}
