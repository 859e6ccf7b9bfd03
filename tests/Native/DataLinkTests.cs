using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class DataLinkTests
{
    [Fact]
    public void EveryLinkTypeIsReadAsLibpcapReadsIt()
    {
        using TemporaryFile file = new();
        for (int linkType = 0; linkType <= 300; linkType++)
        {
            File.WriteAllBytes(file.Path, Savefile.Header(Savefile.Microseconds, linkType));
            using PcapHandle handle = Open(file.Path);
            int expected = LibPcap.pcap_datalink(handle);
            int actual = DataLink.FromLinkType(linkType);
            Assert.True(expected == actual, $"LINKTYPE {linkType} is DLT {expected}, not {actual}");
            Assert.Equal(linkType is 11 or 12 or 15 or 16 or 19, DataLink.ToLinkType(actual) != linkType);
        }
    }

    [Theory]
    [InlineData(Frames.Ethernet, "EN10MB", "Ethernet")]
    [InlineData(Frames.Raw, "RAW", "Raw IP")]
    [InlineData(Frames.LinuxSll2, "LINUX_SLL2", "Linux cooked v2")]
    public void NamesAreThoseOfLibpcap(int linkType, string name, string description)
    {
        Assert.Equal(name, DataLink.NameOf(linkType));
        Assert.Equal(description, DataLink.DescriptionOf(linkType));
        Assert.Equal(linkType, DataLink.FromName(name));
    }

    [Fact]
    public void UnknownHasNoName()
    {
        Assert.Null(DataLink.NameOf(54321));
        Assert.Null(DataLink.DescriptionOf(54321));
        Assert.Equal(-1, DataLink.FromName("no such link"));
    }

    private static unsafe PcapHandle Open(string path)
    {
        byte* error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        PcapHandle handle = LibPcap.pcap_open_offline_with_tstamp_precision(path, LibPcap.PCAP_TSTAMP_PRECISION_NANO, error);
        Assert.False(handle.IsInvalid, LibPcap.Text(error));
        return handle;
    }
}
