using System.Buffers.Binary;
using System.IO.Compression;
using FlowMeter.Engine.Decode;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Capture;

/// <summary>What a savefile may look like besides the plain formats: compressed, old, or with blocks that nobody reads.</summary>
public sealed class SavefileTests
{
    private static readonly List<Frame> s_frames = Traffic.Random(6, new TrafficShape { Conversations = 8 });
    private static readonly byte[] s_capture = CaptureWriter.Pcap(s_frames);
    private static readonly string[] s_rows = new EngineMeter().Run(s_capture).SortedRows;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_compressed_capture_is_read_as_if_it_were_not(int times)
    {
        byte[] bytes = s_capture;
        for (int i = 0; i < times; i++)
        {
            bytes = Gzip(bytes);
        }

        Assert.Equal(s_rows, new EngineMeter().Run(bytes).SortedRows);
    }

    /// <summary>Else a file that unpacks to itself would be unpacked until the stack ends.</summary>
    [Fact]
    public void A_capture_that_is_compressed_over_and_over_is_refused()
    {
        byte[] bytes = s_capture;
        for (int i = 0; i < 5; i++)
        {
            bytes = Gzip(bytes);
        }

        Assert.Contains("compressed more than 4 times", new EngineMeter().Run(bytes).Damage!.Message, StringComparison.Ordinal);
    }

    [ZstandardCommandFact]
    public void Damage_to_zstandard_is_survived() => AssertDamageIsSurvived(ZstandardCommand.Compress(s_capture));

    [Fact]
    public void Damage_to_gzip_is_survived() => AssertDamageIsSurvived(Gzip(s_capture));

    /// <summary>A download that broke off must not look like a whole capture.</summary>
    [Fact]
    public void A_compressed_capture_that_ends_too_soon_says_so()
    {
        byte[] whole = Gzip(s_capture);
        for (int length = 40; length < whole.Length; length += 7)
        {
            EngineResult result = new EngineMeter().Run(whole[..length]);
            Assert.True(result.Damage is not null || result.Warnings.Count > 0, $"{length} of {whole.Length} bytes");
        }
    }

    /// <summary>Before version 2.3 the two lengths of a record were the other way round, in 2.3 either way (pcap-savefile(5)).</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Old_versions_have_their_lengths_the_other_way_round(byte minorVersion, bool isSwapped)
    {
        List<Frame> cut = [.. s_frames.Select(frame => frame.Cut(60))];
        byte[] capture = CaptureWriter.Pcap(cut);
        string[] rows = new EngineMeter().Run(capture).SortedRows;
        capture[6] = minorVersion;
        int at = 24;
        foreach (Frame frame in cut)
        {
            if (isSwapped)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(capture.AsSpan(at + 8), frame.OriginalLength);
                BinaryPrimitives.WriteUInt32LittleEndian(capture.AsSpan(at + 12), (uint)frame.Captured.Length);
            }

            at += 16 + frame.Captured.Length;
        }

        Assert.Equal(rows, new EngineMeter().Run(capture).SortedRows);
    }

    /// <summary>Kuznetzov's patch put eight more bytes into every record's header.</summary>
    [Fact]
    public void Modified_pcap_has_longer_record_headers()
    {
        byte[] plain = CaptureWriter.Pcap(s_frames, nanoseconds: false);
        List<byte> modified = [0x34, 0xCD, 0xB2, 0xA1, .. plain[4..24]];
        int at = 24;
        foreach (Frame frame in s_frames)
        {
            modified.AddRange([.. plain[at..(at + 16)], 1, 2, 3, 4, 5, 6, 7, 8, .. frame.Captured]);
            at += 16 + frame.Captured.Length;
        }

        Assert.Equal(new EngineMeter().Run(plain).SortedRows, new EngineMeter().Run([.. modified]).SortedRows);
    }

    /// <summary>A block without packets may be longer than the memory that a read goes to, and come in any pieces.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1000)]
    public void Long_blocks_without_packets_are_stepped_over(int bytesPerRead)
    {
        byte[] plain = CaptureWriter.PcapNg(s_frames);
        byte[] capture = [.. plain, .. Block(0xBAD, 3_000_000), .. plain, .. Block(0xBAD, 500), .. plain[28..], .. Block(0xBAD, 1_000_000)];

        EngineResult result = new EngineMeter { BytesPerRead = bytesPerRead }.Run(capture);

        Assert.Null(result.Damage);
        Assert.Empty(result.Warnings);
        Assert.Equal(3L * s_frames.Count, result.Totals!.Frames.Frames);
    }

    /// <summary>A block that is read can not be stepped over: what says that it is a megabyte long lies.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(0x0A0D0D0A)]
    public void A_long_block_that_is_read_is_damage(uint type)
    {
        byte[] plain = CaptureWriter.PcapNg(s_frames);
        byte[] lie = Block(type, 2_000_000);
        BinaryPrimitives.WriteUInt32LittleEndian(lie.AsSpan(8), 0x1A2B3C4D);

        EngineResult result = new EngineMeter().Run([.. plain, .. lie, .. plain]);

        Assert.Contains($"damaged at byte {plain.Length}", result.Damage!.Message, StringComparison.Ordinal);
        Assert.Equal(s_frames.Count, result.Totals!.Frames.Frames);
    }

    private static void AssertDamageIsSurvived(byte[] compressed)
    {
        Parallel.For(0, 300, seed =>
        {
            EngineResult result = new EngineMeter { BytesPerRead = 500 }.Run(Damage.To(compressed, new Random(seed)));
            if (result.Damage is not null)
            {
                Assert.DoesNotContain('\n', result.Damage.Message);
            }

            if (result.Totals is not null)
            {
                Assert.Equal(result.Totals.Frames[DecodeResult.Metered], result.Sum("packets"));
            }
        });
    }

    private static byte[] Block(uint type, int bytes)
    {
        byte[] block = new byte[12 + ((bytes + 3) & ~3)];
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(4), (uint)block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(block.Length - 4), (uint)block.Length);
        return block;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
