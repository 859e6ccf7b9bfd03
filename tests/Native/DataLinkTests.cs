using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class DataLinkTests
{
    [Fact]
    public void Every_link_type_is_read_as_libpcap_reads_it()
    {
        using TemporaryFile file = new();
        for (int linkType = 0; linkType <= 300; linkType++)
        {
            File.WriteAllBytes(file.Path, Savefile.Header(Savefile.Microseconds, linkType));
            int expected = SavefileLinkType.Of(file.Path);
            int actual = DataLink.FromLinkType(linkType);
            Assert.True(expected == actual, $"LINKTYPE {linkType} is DLT {expected}, not {actual}");
            Assert.Equal(linkType is 11 or 12 or 15 or 16 or 19, DataLink.ToLinkType(actual) != linkType);
        }
    }

    [Theory]
    [InlineData(Frames.Ethernet, "EN10MB")]
    [InlineData(Frames.Raw, "RAW")]
    [InlineData(Frames.LinuxSll2, "LINUX_SLL2")]
    public void Names_are_those_of_libpcap(int linkType, string name) => Assert.Equal(name, DataLink.NameOf(linkType));

    [Fact]
    public void Unknown_has_no_name() => Assert.Null(DataLink.NameOf(54321));
}
