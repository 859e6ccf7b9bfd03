using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed unsafe class BpfFilterTests
{
    [Theory]
    [InlineData(Frames.Ethernet)]
    [InlineData(Frames.Raw)]
    [InlineData(Frames.Loop)]
    [InlineData(Frames.IPv4)]
    [InlineData(Frames.LinuxSll2)]
    public void Matches_under_every_link_type(int linkType)
    {
        byte[] frame = Frames.Under(linkType);
        Assert.True(Matches("tcp dst port 443", linkType, frame));
        Assert.True(Matches("src host 192.0.2.1 and ip", linkType, frame));
        Assert.True(Matches("tcp[tcpflags] & tcp-syn != 0", linkType, frame));
        Assert.True(Matches("", linkType, frame));
        Assert.False(Matches("tcp src port 443", linkType, frame));
        Assert.False(Matches("udp", linkType, frame));
        Assert.False(Matches("not tcp", linkType, frame));
    }

    [Fact]
    public void Bytes_not_captured_do_not_match()
    {
        byte[] frame = Frames.Under(Frames.Ethernet);
        using BpfFilter filter = BpfFilter.Compile("tcp dst port 443", Frames.Ethernet, 65535);
        fixed (byte* first = frame)
        {
            Assert.True(filter.Matches(first, 38, (uint)frame.Length));
            Assert.False(filter.Matches(first, 37, (uint)frame.Length));
        }
    }

    [Fact]
    public void Length_is_that_on_the_wire()
    {
        byte[] frame = Frames.Under(Frames.Ethernet);
        using BpfFilter filter = BpfFilter.Compile("greater 1000", Frames.Ethernet, 65535);
        fixed (byte* first = frame)
        {
            Assert.True(filter.Matches(first, (uint)frame.Length, 1500));
            Assert.False(filter.Matches(first, (uint)frame.Length, (uint)frame.Length));
        }
    }

    [Theory]
    [InlineData("tcp prot 443", Frames.Ethernet)]
    [InlineData("host and", Frames.Ethernet)]
    [InlineData("ether host 02:00:00:00:00:01", Frames.Raw)]
    public void Bad_expression_says_what_libpcap_says_and_where_to_look(string expression, int linkType)
    {
        PcapException bad = Assert.Throws<PcapException>(() => BpfFilter.Compile(expression, linkType, 65535));
        Assert.Contains($"'{expression}'", bad.Message, StringComparison.Ordinal);
        Assert.Contains("man pcap-filter", bad.Message, StringComparison.Ordinal);
        Assert.Matches("does not compile: .*(syntax error|supported only)", bad.Message);
        Assert.Equal(PcapError.Generic, bad.Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_snap_length_is_the_largest(int snapLength)
    {
        using BpfFilter filter = BpfFilter.Compile("tcp", Frames.Ethernet, snapLength);
        byte[] frame = Frames.Under(Frames.Ethernet);
        fixed (byte* first = frame)
        {
            Assert.True(filter.Matches(first, (uint)frame.Length, (uint)frame.Length));
        }
    }

    [Fact]
    public void Disposed_filter_throws()
    {
        BpfFilter filter = BpfFilter.Compile("tcp", Frames.Ethernet, 65535);
        filter.Dispose();
        filter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => filter.Matches(null, 0, 0));
    }

    [Fact]
    public void Many_threads_compile_and_match() => Parallel.For(0, 64, i =>
    {
        Assert.True(Matches($"tcp dst port 443 and not port {i}", Frames.Ethernet, Frames.Under(Frames.Ethernet)));
        Assert.Throws<PcapException>(() => BpfFilter.Compile($"port port {i}", Frames.Ethernet, 65535));
    });

    private static bool Matches(string expression, int linkType, byte[] frame)
    {
        using BpfFilter filter = BpfFilter.Compile(expression, linkType, 65535);
        fixed (byte* first = frame)
        {
            return filter.Matches(first, (uint)frame.Length, (uint)frame.Length);
        }
    }
}
