using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed unsafe class PcapCaptureTests
{
    private static readonly byte[] First = Frames.Under(Frames.Ethernet);
    private static readonly byte[] Second = First[..20];

    [Theory]
    [InlineData(Savefile.Microseconds, 1_700_000_000_123_456_000, 1_700_000_001_000_001_000)]
    [InlineData(Savefile.Nanoseconds, 1_700_000_000_000_123_456, 1_700_000_001_000_000_001)]
    public void ReadsASavefile(uint magic, long firstNs, long secondNs)
    {
        using TemporaryFile file = Written(magic, Frames.Ethernet);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);

        Assert.Equal(Frames.Ethernet, capture.LinkType);
        Assert.Equal(65535, capture.SnapLength);
        Assert.Equal(1, capture.NanosecondsPerFraction);
        AssertNext(capture, firstNs, First, First.Length);
        AssertNext(capture, secondNs, Second, First.Length);
        Assert.Equal(PcapReadResult.End, capture.Read(out _, out _));
    }

    [Fact]
    public void LinkTypeIsTheSavefilesNumber()
    {
        using TemporaryFile file = Written(Savefile.Microseconds, Frames.Raw);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        Assert.Equal(Frames.Raw, capture.LinkType);
    }

    [Fact]
    public void DumpReadsBackTheSame()
    {
        using TemporaryFile source = Written(Savefile.Nanoseconds, Frames.Raw);
        using TemporaryFile copy = new();
        using (PcapCapture capture = PcapCapture.OpenOffline(source.Path))
        using (PcapDumper dumper = capture.OpenDumper(copy.Path))
        {
            while (capture.Read(out PcapPacketHeader* header, out byte* packet) == PcapReadResult.Packet)
            {
                dumper.Write(in *header, packet);
            }

            dumper.Flush();
        }

        Assert.Equal(File.ReadAllBytes(source.Path), File.ReadAllBytes(copy.Path));
    }

    [Fact]
    public void DispatchHandsEachPacketToTheCallback()
    {
        using TemporaryFile file = Written(Savefile.Nanoseconds, Frames.Ethernet);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        Tally tally = default;
        Assert.Equal(1, capture.Dispatch(1, &Count, &tally));
        Assert.Equal(1, tally.Packets);
        Assert.Equal(1, capture.Dispatch(-1, &Count, &tally));
        Assert.Equal(2, tally.Packets);
        Assert.Equal(First.Length + Second.Length, tally.Octets);
        Assert.Equal(0, capture.Dispatch(-1, &Count, &tally));
    }

    [Fact]
    public void BreakLoopEndsTheLoop()
    {
        using TemporaryFile file = Written(Savefile.Nanoseconds, Frames.Ethernet);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        Tally tally = default;
        capture.BreakLoop();
        Assert.Equal((int)PcapError.Break, capture.Loop(-1, &Count, &tally));
        Assert.Equal(0, tally.Packets);
        Assert.Equal(0, capture.Loop(-1, &Count, &tally));
        Assert.Equal(2, tally.Packets);
    }

    [Fact]
    public void FilterLetsOnlyMatchesThrough()
    {
        using TemporaryFile file = Written(Savefile.Nanoseconds, Frames.Ethernet);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        capture.SetFilter("tcp dst port 443");
        Tally tally = default;
        Assert.Equal(1, capture.Dispatch(-1, &Count, &tally));
        Assert.Equal(First.Length, tally.Octets);
        Assert.Throws<PcapException>(() => capture.SetFilter("port port"));
    }

    [Fact]
    public void TornSavefileThrows()
    {
        using TemporaryFile file = Written(Savefile.Nanoseconds, Frames.Ethernet);
        File.WriteAllBytes(file.Path, File.ReadAllBytes(file.Path)[..^1]);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        Assert.Equal(PcapReadResult.Packet, capture.Read(out _, out _));
        PcapException torn = Assert.Throws<PcapException>(() => capture.Read(out _, out _));
        Assert.Contains("truncated", torn.Message, StringComparison.Ordinal);
        Assert.Contains(file.Path, torn.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingSavefileIsNamedOnce()
    {
        PcapException missing = Assert.Throws<PcapException>(() => PcapCapture.OpenOffline("no-such.pcap"));
        Assert.Equal("no-such.pcap: No such file or directory", missing.Message);
    }

    [Fact]
    public void SavefileHasNoLiveSettings()
    {
        using TemporaryFile file = Written(Savefile.Nanoseconds, Frames.Ethernet);
        using PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        Assert.Equal(PcapError.Activated, Assert.Throws<PcapException>(() => capture.SetSnapLength(64)).Error);
        Assert.Throws<PcapException>(() => capture.Stats());
    }

    [Fact]
    public void DisposedCaptureThrows()
    {
        using TemporaryFile file = Written(Savefile.Nanoseconds, Frames.Ethernet);
        PcapCapture capture = PcapCapture.OpenOffline(file.Path);
        capture.Dispose();
        Assert.Throws<ObjectDisposedException>(() => capture.Read(out _, out _));
        Assert.Throws<ObjectDisposedException>(capture.BreakLoop);
    }

    private static TemporaryFile Written(uint magic, int linkType)
    {
        TemporaryFile file = new();
        File.WriteAllBytes(file.Path,
        [
            .. Savefile.Header(magic, linkType),
            .. Savefile.Record(1_700_000_000, 123_456, First, First.Length),
            .. Savefile.Record(1_700_000_001, 1, Second, First.Length),
        ]);
        return file;
    }

    private static void AssertNext(PcapCapture capture, long timestampNs, byte[] bytes, int wireLength)
    {
        Assert.Equal(PcapReadResult.Packet, capture.Read(out PcapPacketHeader* header, out byte* packet));
        Assert.Equal(timestampNs, header->TimestampNs(capture.NanosecondsPerFraction));
        Assert.Equal(bytes, new ReadOnlySpan<byte>(packet, (int)header->CapturedLength).ToArray());
        Assert.Equal((uint)wireLength, header->WireLength);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Count(byte* user, PcapPacketHeader* header, byte* packet)
    {
        Tally* tally = (Tally*)user;
        tally->Packets++;
        tally->Octets += (int)header->CapturedLength;
    }

    private struct Tally
    {
        public int Packets;
        public int Octets;
    }
}
