using System.Text;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class ZstandardStreamTests
{
    private static readonly byte[] Text =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a flow meter meters flows; a flow meter meters flows.\n", 3)));

    /// <summary><see cref="Text"/>, compressed by zstd 1.5.4 with a checksum.</summary>
    private static readonly byte[] Frame =
        Convert.FromBase64String("KLUv/SSiFQEAkGEgZmxvdyBtZXRlcnNzOyAuCgUAkNUEwIJ97tS8N0NJAn/6t/o=");

    /// <summary>A skippable frame of three bytes: magic, length, content.</summary>
    private static readonly byte[] Skippable = Convert.FromHexString("502A4D18" + "03000000" + "AABBCC");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4096)]
    [InlineData(7, 5)]
    [InlineData(4096, 1)]
    [InlineData(4096, 162)]
    [InlineData(4096, 163)]
    public void Decompresses_whatever_the_read_sizes(int bytesPerInput, int bytesPerOutput)
    {
        using ZstandardStream stream = new(new TrickleStream(Frame, bytesPerInput));
        Assert.Equal(Text, ReadAll(stream, bytesPerOutput));
        Assert.Equal(0, stream.Read(new byte[1]));
        Assert.Equal(-1, stream.ReadByte());
    }

    [Theory]
    [InlineData(1, 162)]
    [InlineData(4096, 162)]
    [InlineData(4096, 4096)]
    public void Decompresses_frames_in_a_row(int bytesPerInput, int bytesPerOutput)
    {
        using ZstandardStream stream = new(new TrickleStream([.. Frame, .. Skippable, .. Frame], bytesPerInput));
        Assert.Equal([.. Text, .. Text], ReadAll(stream, bytesPerOutput));
    }

    [Fact]
    public void Torn_anywhere_says_so()
    {
        for (int length = 1; length < Frame.Length; length++)
        {
            AssertTorn(Frame[..length]);
            AssertTorn([.. Frame, .. Frame[..length]]);
        }
    }

    [Fact]
    public void What_came_before_the_tear_is_read()
    {
        // Magic, a frame header with a window of 1 KiB, a raw block of 100 bytes that is not the last: and nothing after it.
        byte[] torn = [.. Convert.FromHexString("28B52FFD" + "00" + "00" + "200300"), .. Text.AsSpan(0, 100)];
        using ZstandardStream stream = new(new MemoryStream(torn));
        byte[] read = new byte[100];
        for (int i = 0; i < read.Length; i += 10)
        {
            stream.ReadExactly(read, i, 10);
        }

        Assert.Equal(Text[..100], read);
        Assert.Throws<InvalidDataException>(() => stream.ReadByte());
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 7)]
    [InlineData(4096, 162)]
    [InlineData(4096, 4096)]
    public void What_came_before_a_damage_is_read(int bytesPerInput, int bytesPerOutput)
    {
        // A wrong checksum, a block of the reserved type behind one that is whole, and what is no frame behind one that is.
        byte[] wrongChecksum = [.. Frame];
        wrongChecksum[^1] ^= 1;
        byte[] badBlock = [.. Convert.FromHexString("28B52FFD" + "00" + "00" + "200300"), .. Text.AsSpan(0, 100), .. Convert.FromHexString(
            "070000" + "0000000000000000")];
        foreach ((byte[] damaged, byte[] before) in new[] { (wrongChecksum, Text), (badBlock, Text[..100]), (
            [.. Frame, .. "no frame at all"u8], Text) })
        {
            using ZstandardStream stream = new(new TrickleStream(damaged, bytesPerInput));
            List<byte> read = [];
            Assert.Throws<InvalidDataException>(() =>
            {
                byte[] buffer = new byte[bytesPerOutput];
                for (int count = -1; count != 0; read.AddRange(buffer.AsSpan(0, count)))
                {
                    count = stream.Read(buffer);
                }
            });
            Assert.Equal(before, read);
        }
    }

    [Fact]
    public void Nothing_is_nothing()
    {
        using ZstandardStream stream = new(new MemoryStream([]));
        Assert.Equal(0, stream.Read(new byte[16]));
    }

    [Fact]
    public void Damaged_says_what_libzstd_says()
    {
        byte[] damaged = [.. Frame];
        damaged[^1] ^= 1;
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => Decompress(damaged)).Message, StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => Decompress(Text)).Message, StringComparison.Ordinal);
    }

    [ZstandardCommandFact]
    public void Decompresses_megabytes()
    {
        byte[] data = new byte[5_000_000];
        new Random(7).NextBytes(data.AsSpan(0, 1_000_000));
        data.AsSpan(0, 1_000_000).CopyTo(data.AsSpan(3_000_000));
        Assert.Equal(data, Decompress(ZstandardCommand.Compress(data, "-3")));
        Assert.Equal(data, Decompress(ZstandardCommand.Compress(data, "-1", "--no-check")));
    }

    [Fact]
    public void Longest_window_opens()
    {
        // Magic, a frame header without content size and a window of 2^31 bytes, one last raw block "flow".
        byte[] frame = [.. Convert.FromHexString("28B52FFD" + "00" + "A8" + "210000"), .. "flow"u8];
        Assert.Equal("flow"u8.ToArray(), Decompress(frame));
    }

    [Fact]
    public void Reads_allocate_nothing()
    {
        byte[] frames = [.. Enumerable.Repeat(Frame, 200).SelectMany(frame => frame)];
        using ZstandardStream stream = new(new MemoryStream(frames));
        Span<byte> buffer = stackalloc byte[64];
        Assert.Equal(64, stream.Read(buffer));

        long before = GC.GetAllocatedBytesForCurrentThread();
        long total = 64;
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            total += read;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(200L * Text.Length, total);
    }

    [Fact]
    public void Disposing_disposes_the_source()
    {
        MemoryStream source = new(Frame);
        new ZstandardStream(source).Dispose();
        Assert.False(source.CanRead);
    }

    [Fact]
    public void Missing_zstandard_says_what_to_install()
    {
        ZstandardException missing = Assert.Throws<ZstandardException>(() => Zstandard.Load(["libzstd-of-another-world.so.7"]));
        Assert.Contains("apt install libzstd1", missing.Message, StringComparison.Ordinal);
    }

    private static void AssertTorn(byte[] data)
    {
        InvalidDataException torn = Assert.Throws<InvalidDataException>(() => Decompress(data));
        Assert.Contains("ends inside a zstd frame", torn.Message, StringComparison.Ordinal);
    }

    private static byte[] Decompress(byte[] data)
    {
        using ZstandardStream stream = new(new MemoryStream(data));
        return ReadAll(stream, 64 * 1024);
    }

    private static byte[] ReadAll(ZstandardStream stream, int bytesPerRead)
    {
        using MemoryStream result = new();
        byte[] buffer = new byte[bytesPerRead];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            result.Write(buffer, 0, read);
        }

        return result.ToArray();
    }
}
