using System.Runtime.Versioning;
using FlowMeter.Engine.Capture;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Support;
using Savefile = FlowMeter.Engine.Capture.Savefile;

namespace FlowMeter.Tests.Capture;

/// <summary>Files that several workers read ahead of their turn give what they give when read in turn.</summary>
public sealed class ReadAheadTests
{
    private static readonly (int Least, int Most, int Frames)[] s_lengths =
        [(1, 40, 30_000), (40, 90, 12_000), (60, 1514, 3_000), (1, 9_000, 400), (100_000, 262_144, 12)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whole_files_give_the_same_packets(int lengths)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            Random random = new((lengths * 100) + seed);
            using Files files = new([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Written(random, s_lengths[lengths]))]);
            Assert.True(files.AssertAlike(random, $"seed {seed}") > 1, "nothing was read ahead");
        }
    }

    [Fact]
    public void Torn_and_damaged_files_give_the_same_packets_and_failures()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            byte[] whole = Written(random, s_lengths[random.Next(s_lengths.Length)]);
            byte[] spoilt = seed % 2 == 0 ? whole[..random.Next(30, whole.Length)] : Damage.To(whole, random);
            using Files files = new([spoilt, Written(random, s_lengths[1])]);
            files.AssertAlike(random, $"seed {seed}");
        }
    }

    [Fact]
    public void A_block_that_is_stepped_over_may_be_longer_than_what_is_read_ahead()
    {
        for (int seed = 0; seed < 8; seed++)
        {
            Random random = new(seed);
            byte[] first = Written(random, s_lengths[1], isNg: true);
            CaptureBytes block = new(bigEndian: false);
            int length = 4 * random.Next(10, 500_000);
            block.Add32(0x0BAD);
            block.Add32((uint)(length + 12));
            block.Add(new byte[length]);
            block.Add32((uint)(length + 12));
            byte[] second = Written(random, s_lengths[2], isNg: true);
            using Files files = new([[.. first, .. block.ToArray(), .. second]]);
            files.AssertAlike(random, $"seed {seed}");
        }
    }

    [Fact]
    public void A_file_that_grows_while_it_is_read_ahead_gives_all_it_has_at_the_end()
    {
        byte[] whole = Written(new Random(1), s_lengths[2], isNg: false);
        using TemporaryFile file = new();
        File.WriteAllBytes(file.Path, whole[..(whole.Length / 3)]);
        using CaptureFiles source = new([file.Path], path => Savefile.Open(path, _ => { }, new InputProgress()));
        source.Look(isSorted: false);
        using ReadingTeam team = new(source, new Random(2));
        team.Reserve();
        team.Reserve();
        File.WriteAllBytes(file.Path, whole);
        team.ReadToEnd(isEager: false);

        using Files reference = new([whole]);
        Assert.Equal(reference.ReadInTurn().Packets, team.Packets);
        Assert.Empty(source.Failed);
    }

    [Fact, SupportedOSPlatform("linux")]
    public void What_can_not_be_read_is_told_by_who_takes_it()
    {
        // Nothing is mapped at the start of a process, so reading there fails as a disk does.
        using FileStream memory = File.OpenRead("/proc/self/mem");
        PcapFormat format = PcapFormat.TryCreate("disk", CaptureWriter.Pcap([]))!;
        using SavefileSource source = new("disk", memory, format, PcapFormat.HeaderLength)
        {
            File = new ReadAhead(memory.SafeFileHandle, PcapFormat.HeaderLength, new InputProgress()),
        };
        using PacketBatch batch = new();
        Assert.True(source.TryReserve(batch));
        batch.Fetch();
        CaptureException failure = Assert.Throws<CaptureException>(() => source.TryTake(batch));
        Assert.Equal("disk: can not be read past byte 24: Input/output error; what came before was metered.", failure.Message);
    }

    private static byte[] Written(Random random, (int Least, int Most, int Frames) lengths, bool? isNg = null)
    {
        List<Frame> frames = [];
        for (int i = 0; i < lengths.Frames; i++)
        {
            byte[] bytes = new byte[random.Next(lengths.Least, lengths.Most)];
            random.NextBytes(bytes);
            frames.Add(Frame.Whole(1, 1_700_000_000_000_000_000 + (i * 1000L), bytes));
        }

        return !(isNg ?? random.Next(2) == 0) ? CaptureWriter.Pcap(frames)
            : CaptureWriter.PcapNg(frames, random.Next(2) == 0
                ? null
                : new PcapNgFormat { Decorated = true, FramesPerSection = random.Next(1, 5000), AlternateByteOrder = true });
    }

    private sealed class Files : IDisposable
    {
        private readonly List<TemporaryFile> _files = [];

        public Files(IEnumerable<byte[]> contents)
        {
            foreach (byte[] content in contents)
            {
                _files.Add(new TemporaryFile());
                File.WriteAllBytes(_files[^1].Path, content);
            }
        }

        /// <summary>Reads the files both ways. Returns how many times something was taken that had been read ahead.</summary>
        public int AssertAlike(Random random, string what)
        {
            (IReadOnlyList<string> packets, IReadOnlyList<string> files) = ReadInTurn();
            using CaptureFiles source = Open(path => Savefile.Open(path, _ => { }, new InputProgress()));
            using ReadingTeam team = new(source, random);
            team.ReadToEnd(isEager: random.Next(2) == 0);
            Assert.True(packets.SequenceEqual(team.Packets), what);
            Assert.Equal(files, source.Files.Select(Told));
            return team.TakenAhead;
        }

        public (IReadOnlyList<string> Packets, IReadOnlyList<string> Files) ReadInTurn()
        {
            using CaptureFiles source = Open(path => Savefile.Open(path, new MemoryStream(File.ReadAllBytes(path)), _ => { }));
            using PacketBatch batch = new();
            List<string> packets = [];
            while (source.TryFill(batch))
            {
                packets.AddRange(ReadingTeam.PacketsOf(batch));
            }

            return (packets, [.. source.Files.Select(Told)]);
        }

        public void Dispose() => _files.ForEach(file => file.Dispose());

        private static string Told(CaptureFile file) => $"{file.Frames} {file.FirstTime} {file.LastTime} {file.Failure?.Message}";

        private CaptureFiles Open(Func<string, SavefileSource> open) => new(_files.Select(file => file.Path), open);
    }
}
