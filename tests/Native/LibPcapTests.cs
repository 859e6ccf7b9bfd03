using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class LibPcapTests
{
    [Fact]
    public void IsAvailableAndSaysItsVersion()
    {
        Assert.True(LibPcap.IsAvailable);
        Assert.Contains("1.", LibPcap.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingLibraryIsOneMessageThatSaysWhatToInstall()
    {
        PcapException missing = Assert.Throws<PcapException>(() => LibPcap.Load(["libpcap-of-another-world.so.7"]));
        Assert.Contains("apt install libpcap0.8", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Npcap", missing.Message, StringComparison.Ordinal);
    }
}
