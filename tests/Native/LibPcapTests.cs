using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class LibPcapTests
{
    [Fact]
    public void Is_available_and_says_its_version()
    {
        Assert.True(LibPcap.IsAvailable);
        Assert.Contains("1.", LibPcap.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_library_is_one_message_that_says_what_to_install()
    {
        PcapException missing = Assert.Throws<PcapException>(() => LibPcap.Load(["libpcap-of-another-world.so.7"]));
        Assert.Contains("apt install libpcap0.8", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Npcap", missing.Message, StringComparison.Ordinal);
    }
}
