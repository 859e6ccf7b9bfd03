using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class XdpRefusalTests
{
    [Theory]
    [InlineData(1, "CAP_BPF")]
    [InlineData(16, "another program")]
    [InlineData(97, "leave --af-xdp out")]
    [InlineData(100, "bring it up")]
    [InlineData(105, "ulimit -l")]
    [InlineData(12, "leave --af-xdp out if it stays so")]
    public void A_refusal_says_what_to_do(int error, string advice)
    {
        Marshal.SetLastPInvokeError(error);
        Assert.Contains(advice, XdpRefusal.Last(), StringComparison.Ordinal);
    }
}
