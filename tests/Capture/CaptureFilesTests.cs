using System.Buffers.Binary;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Synthetic;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Fuzz;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Capture;

/// <summary>Several files as one observation: what is wrong with one of them costs nothing of the others.</summary>
public sealed class CaptureFilesTests : IDisposable
{
    private static readonly List<Frame> s_frames = [.. Enumerable.Range(0, 12).Select(i => Samples.Udp(1, i))];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_empty_a_cut_and_a_damaged_file_are_named_and_the_others_go_on(int workers)
    {
        byte[] damaged = CaptureWriter.Pcap(s_frames[4..8]);
        damaged.AsSpan(24 + (2 * ((damaged.Length - 24) / 4)) + 8, 4).Fill(0x7F);
        string[] paths =
        [
            _folder.WriteCapture("1", s_frames[..2]),
            _folder.Write("empty", ""),
            _folder.Write("cut", CaptureWriter.PcapNg(s_frames[2..4])[..^9]),
            _folder.Write("damaged", damaged),
            _folder.Write("header", CaptureWriter.Pcap([])[..11]),
            _folder.WriteCapture("last", s_frames[8..]),
        ];
        using CaptureFiles files = Open(paths);
        files.Look(isSorted: false);
        EngineResult result = new EngineMeter { Workers = workers }.Run(files);
        Assert.Null(result.Damage);
        Assert.Equal(["9"], result.Table.Texts("packets"));
        Assert.Equal([2, 0, 1, 2, 0, 4], files.Files.Select(file => file.Frames));
        Assert.Equal(
            ["cut", "damaged", "empty", "header"], files.Failed.Select(file => Path.GetFileName(file.Path)).Order(StringComparer.Ordinal));
        Assert.Equal(4, _told.Count);
    }

    [Fact]
    public void What_is_no_capture_is_refused_before_anything_is_metered()
    {
        using CaptureFiles files = Open(_folder.WriteCapture("1", s_frames[..2]), _folder.Write("notes", "Dear diary, nothing today."));
        Assert.Contains(
            "is not a capture", Assert.Throws<CaptureException>(() => files.Look(isSorted: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_in_the_order_of_a_shell_are_told_and_sorted_on_request()
    {
        string[] paths = [_folder.WriteCapture("cap", s_frames[..4]), _folder.WriteCapture("cap10", s_frames[8..]), _folder.WriteCapture(
            "cap2", s_frames[4..8])];
        using CaptureFiles asTyped = Open(paths);
        asTyped.Look(isSorted: false);
        Assert.NotEqual("0", new EngineMeter().Run(asTyped).Totals!.OutOfOrder.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([$"{paths[2]} before {paths[1]}"], _told);
        _told.Clear();

        using CaptureFiles sorted = Open(paths);
        sorted.Look(isSorted: true);
        EngineResult result = new EngineMeter().Run(sorted);
        Assert.Equal(0, result.Totals!.OutOfOrder);
        Assert.Equal(["12"], result.Table.Texts("packets"));
        Assert.Empty(_told);
    }

    /// <summary>A second file header between the records is what joining two captures leaves, and no packet of the year 2056.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_captures_joined_as_they_are_are_damage_with_its_true_reason(bool bigEndian)
    {
        byte[] one = CaptureWriter.Pcap(s_frames, bigEndian);
        EngineResult result = new EngineMeter().Run([.. one, .. one]);
        Assert.Contains($"damaged at byte {one.Length}: a second file header", result.Damage!.Message, StringComparison.Ordinal);
        Assert.Equal(12, result.Totals!.Frames.Frames);
    }

    [Theory]
    [InlineData(0xA1B2C3D4)]
    [InlineData(0xA1B23C4D)]
    [InlineData(0xA1B2CD34)]
    [InlineData(0x1C0001AC)]
    [InlineData(0x1C0001AB)]
    public void So_are_two_of_different_kinds(uint magic)
    {
        byte[] one = CaptureWriter.Pcap(s_frames, bigEndian: true);
        byte[] other = CaptureWriter.Pcap(s_frames, bigEndian: true, nanoseconds: false);
        BinaryPrimitives.WriteUInt32BigEndian(other, magic);
        EngineResult result = new EngineMeter().Run([.. one, .. other]);
        Assert.Contains($"damaged at byte {one.Length}: a second file header", result.Damage!.Message, StringComparison.Ordinal);
        Assert.Equal(12, result.Totals!.Frames.Frames);
    }

    /// <summary>What stands behind the four bytes is metered before more is read, which may fail.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void An_ixia_capture_whose_rest_can_not_be_read_gives_the_packets_before(int bytesPerRead)
    {
        byte[] plain = CaptureWriter.Pcap(s_frames, bigEndian: true);
        byte[] packed = SavefileReading.Zstandard([0x1C, 0, 1, 0xAC, .. plain[4..24], 1, 2, 3, 4, .. plain[24..]]);

        // No longer the last block, and nothing behind it.
        packed[6] &= 0xFE;
        EngineResult result = new EngineMeter { BytesPerRead = bytesPerRead }.Run(packed);
        Assert.Contains("ends inside a zstd frame", result.Damage!.Message, StringComparison.Ordinal);
        Assert.Equal(12, result.Totals!.Frames.Frames);
    }

    [Theory]
    [InlineData(0x1C0001AC, false)]
    [InlineData(0x1C0001AC, true)]
    [InlineData(0x1C0001AB, false)]
    [InlineData(0x1C0001AB, true)]
    public void Ixia_captures_have_four_more_bytes_in_their_header(uint magic, bool bigEndian)
    {
        byte[] plain = CaptureWriter.Pcap(s_frames, bigEndian);
        byte[] ixia = [.. plain[..24], 1, 2, 3, 4, .. plain[24..]];
        BinaryPrimitives.WriteUInt32LittleEndian(ixia, bigEndian ? BinaryPrimitives.ReverseEndianness(magic) : magic);
        EngineResult result = new EngineMeter().Run(ixia);
        Assert.Null(result.Damage);
        Assert.Equal(new EngineMeter().Run(plain).SortedRows, result.SortedRows);
        using SavefileSource source = Savefile.Open("ixia", new MemoryStream(ixia), _ => { });
        Assert.Equal(plain[..24], source.FileHeader);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Losses_that_pcapng_states_are_added_up_once(bool bigEndian)
    {
        byte[] section = WithDrops(bigEndian);
        string path = _folder.Write("drops", [.. section, .. section]);
        using CaptureFiles files = Open(path, _folder.WriteCapture("other", s_frames));
        files.Look(isSorted: false);
        Assert.Null(new EngineMeter().Run(files).Damage);
        Assert.Equal(new StatedDrops(1800, 200, 14), files.Drops);
    }

    [Fact]
    public void Replay_plays_an_empty_frame_first_and_every_link_type()
    {
        Frame raw = Frame.Whole(
            PacketBuilder.LinkRaw, s_frames[0].TimestampNs, PacketBuilder.IPv4("192.0.2.9", "192.0.2.8", 17, PacketBuilder.Udp(1, 2)));
        Frame empty = Frame.Whole(PacketBuilder.LinkEthernet, s_frames[0].TimestampNs, []);
        using SavefileSource capture = Savefile.Open(
            "capture", new MemoryStream(CaptureWriter.PcapNg([empty, s_frames[0], raw, s_frames[1]])), _ => { });
        using ReplaySource replay = ReplaySource.Load(capture, copies: 1, rounds: 3);
        EngineResult result = new EngineMeter().Run(replay);
        Assert.Equal(12, result.Totals!.Frames.Frames);
        Assert.Equal(3, result.Totals.Frames[DecodeResult.Truncated]);
        Assert.Equal(9, result.Sum("packets"));
        Assert.Equal(6, result.Table.Rows.Count);
    }

    [Theory]
    [InlineData(0x8100, "vlan")]
    [InlineData(0x88A8, "vlan")]
    [InlineData(0x8847, "mpls")]
    [InlineData(0x8864, "pppoes")]
    [InlineData(0x0806, null)]
    public void A_filter_that_keeps_all_out_says_which_word_it_lacks(int etherType, string? word)
    {
        Frame frame = Frame.Whole(PacketBuilder.LinkEthernet, 1, PacketBuilder.Ethernet((ushort)etherType, new byte[60]));
        using FilteredSource one = Filtered(frame, frame);
        Assert.Equal(0, new EngineMeter().Run(one).Totals!.Frames.Frames);
        Assert.Equal((2, word), (one.Dropped, one.MissingWord));

        using FilteredSource mixed = Filtered(frame, Samples.Arp(1), s_frames[0]);
        Assert.Equal(1, new EngineMeter().Run(mixed).Totals!.Frames.Frames);
        Assert.Equal((2, null), (mixed.Dropped, mixed.MissingWord));

        static FilteredSource Filtered(params Frame[] frames) =>
            new(Savefile.Open("capture", new MemoryStream(CaptureWriter.Pcap(frames)), _ => { }), "udp");
    }

    [Fact]
    public void Losses_of_a_file_that_is_not_read_to_its_end_count()
    {
        using CaptureFiles files = Open(
            _folder.Write("drops", [.. WithDrops(false), .. CaptureWriter.PcapNg([.. Enumerable.Repeat(s_frames[0], 3000)])]));
        files.Look(isSorted: false);
        using PacketBatch batch = new();
        Assert.True(files.TryFill(batch));
        Assert.Equal(StatedDrops.None, files.Drops);
        files.Stop();
        Assert.NotEqual(StatedDrops.None, files.Drops);
    }

    [Fact]
    public void Long_frames_and_unsupported_link_types_are_counted()
    {
        List<Frame> frames = [s_frames[0] with { OriginalLength = 13_825 }, s_frames[1] with { OriginalLength = 13_824 }];
        FrameCounts counts = new EngineMeter().Run(CaptureWriter.Pcap(frames)).Totals!.Frames;
        Assert.Equal(1, counts.LongFrames);
        Assert.Null(counts.UnsupportedLinkType);
        Assert.Equal(220, new EngineMeter().Run(CaptureWriter.Pcap(frames, linkType: 220)).Totals!.Frames.UnsupportedLinkType);
    }

    private CaptureFiles Open(params string[] paths) =>
        new(paths, path => Savefile.Open(path, _ => { }, new InputProgress()), (file, before, _) =>
        {
            lock (_told)
            {
                _told.Add(before == null ? file.Failure!.Message : $"{file.Path} before {before.Path}");
            }
        });

    /// <summary>Statistics twice, of which the last one counts; an option of another kind before the one that is meant.</summary>
    private static byte[] WithDrops(bool bigEndian)
    {
        CaptureBytes file = new(bigEndian);
        Block(0x0A0D0D0A, [0x1A2B3C4D, 1 | 0, 0xFFFFFFFF, 0xFFFFFFFF]);
        Block(1, [bigEndian ? 0x00010000u : 1u, 0]);
        foreach (uint drops in new uint[] { 300, 900 })
        {
            Statistics(drops, 100);
        }

        byte[] frame = s_frames[0].Captured;
        int padded = (frame.Length + 3) & ~3;
        file.Add32(6);
        file.Add32((uint)(32 + padded + 20));
        file.Add32(0);
        file.Add32(0);
        file.Add32(5);
        file.Add32((uint)frame.Length);
        file.Add32((uint)frame.Length);
        file.Add(frame);
        file.PadToWord();
        file.Add16(2);
        file.Add16(0);
        Long(4, 7);
        file.Add32(0);
        file.Add32((uint)(32 + padded + 20));
        return file.ToArray();

        void Block(uint type, uint[] words)
        {
            file.Add32(type);
            file.Add32((uint)(12 + (4 * words.Length)));
            foreach (uint word in words)
            {
                file.Add32(word);
            }

            file.Add32((uint)(12 + (4 * words.Length)));
        }

        void Statistics(uint interfaceDrops, uint systemDrops)
        {
            file.Add32(5);
            file.Add32(52);
            file.Add32(0);
            file.Add32(0);
            file.Add32(0);
            Long(5, interfaceDrops);
            Long(7, systemDrops);
            file.Add32(0);
            file.Add32(52);
        }

        void Long(int code, long value)
        {
            file.Add16(code);
            file.Add16(8);
            file.Add64(value);
        }
    }
}
