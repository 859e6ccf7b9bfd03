using System.Globalization;
using FlowMeter.Tests.Decode;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// The corpus that the fuzzer begins with, made of nothing but code: a few small inputs of each kind that a target knows.
/// </summary>
internal static class SeedCorpus
{
    private const int FramesOfSeed = 6;

    /// <summary>Writes a folder for each target; what is there of these names is replaced.</summary>
    public static void Write(string folder)
    {
        foreach ((string target, IEnumerable<(string Name, byte[] Bytes)> seeds) in All())
        {
            string into = Path.Combine(folder, target);
            Directory.CreateDirectory(into);
            foreach ((string name, byte[] bytes) in seeds)
            {
                File.WriteAllBytes(Path.Combine(into, name), bytes);
            }
        }
    }

    private static IEnumerable<(string Target, IEnumerable<(string, byte[])> Seeds)> All() =>
    [
        ("savefile", Savefiles()),
        ("decode", Frames()),
        ("meter", Captures()),
        ("split", Splits()),
        ("model", SeedTexts.Models),
        ("table", SeedTexts.Tables),
        ("labels", SeedTexts.Labels),
        ("http", SeedTexts.Requests),
        ("page", SeedTexts.Pages),
        ("expression", SeedTexts.Expressions),
        ("name", SeedTexts.Names),
        ("payload", SeedPayloads.All),
    ];

    private static IEnumerable<(string, byte[])> Savefiles()
    {
        List<Frame> frames = [.. PayloadTraffic.Random(1).Take(FramesOfSeed).Select(frame => frame.Cut(80))];
        List<Frame> mixed = [.. frames, .. FrameKinds.All.Where((_, index) => index % 500 == 0).Select(
            (frame, index) => frame with { TimestampNs = frames[^1].TimestampNs + index })];
        byte[] pcap = CaptureWriter.Pcap(frames);
        byte[] old = CaptureWriter.Pcap(frames, nanoseconds: false);
        old[6] = 3;
        byte[] older = [.. old];
        older[6] = 2;
        byte[] ixia = [0xAC, 1, 0, 0x1C, .. pcap[4..24], 0, 0, 0, 0, .. pcap[24..]];
        byte[] cut = SavefileReading.Zstandard(ixia);

        // Its only block is not the last one.
        cut[6] &= 0xFE;
        byte[] modified = [0x34, 0xCD, 0xB2, 0xA1, .. old[4..6], 4, 0, .. old[8..24], .. Enumerable.Range(0, 2).SelectMany(
            _ => (byte[])[1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 60, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4])];
        byte[] next = CaptureWriter.PcapNg(mixed, new PcapNgFormat { Decorated = true, StatesLength = true, FramesPerSection = 4 });
        return
        [
            ("pcap", pcap),
            ("pcap-big-endian", CaptureWriter.Pcap(frames, bigEndian: true, nanoseconds: false)),
            ("pcap-2.3", old),
            ("pcap-2.2", older),
            ("pcap-ixia", ixia),
            ("pcap-modified", modified),
            ("pcap-joined", [.. pcap, .. pcap]),
            ("pcap-ixia-joined", [.. ixia, .. pcap]),
            ("pcap-header", pcap[..24]),
            ("pcapng", CaptureWriter.PcapNg(mixed)),
            ("pcapng-decorated", next),
            ("pcapng-big-endian", CaptureWriter.PcapNg(mixed, new PcapNgFormat { BigEndian = true, Resolution = 0x94, Decorated = true })),
            ("pcapng-both", CaptureWriter.PcapNg(mixed, new PcapNgFormat { AlternateByteOrder = true, FramesPerSection = 3 })),
            ("pcapng-simple", CaptureWriter.PcapNg(
                frames, new PcapNgFormat { PacketBlock = PcapNgPacketBlock.Simple, SnapLength = 60, Resolution = null })),
            ("pcapng-obsolete", CaptureWriter.PcapNg(
                mixed, new PcapNgFormat { PacketBlock = PcapNgPacketBlock.Obsolete, OffsetSeconds = 1000, Resolution = 10 })),
            ("gzip", SavefileReading.Gzip(next, isParted: false)),
            ("gzip-parted", [.. SavefileReading.Gzip(pcap, isParted: true), 0, 0, 0]),
            ("gzip-named", [0x1F, 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 97, 0, 98, 0, 7, 7, .. SavefileReading.Gzip(
                pcap[..100], isParted: false)[10..]]),
            ("zstd", SavefileReading.Zstandard(pcap)),
            ("zstd-ixia-cut", cut),

            // The frame states 320 bytes, and its block has 131,071.
            ("zstd-stated-short", [0x28, 0xB5, 0x2F, 0xFD, 0x40, 0x58, 64, 0, 0xF8, 0xFF, 0x0F, .. pcap]),
            ("zstd-gzip-damaged", DamagedTrailer(SavefileReading.Gzip(pcap, isParted: false))),
            ("zstd-gzip", SavefileReading.Zstandard(SavefileReading.Gzip(pcap, isParted: false))),
        ];
    }

    private static IEnumerable<(string, byte[])> Splits()
    {
        List<Frame> traffic = [.. Traffic.Random(6, new TrafficShape { Conversations = 4 }).Take(20).Select(frame => frame.Cut(90))];
        List<Frame> tunnels = [.. TunnelTraffic.Random(7, 4).Take(12)];
        return
        [
            ("pcap", [0x0D, .. CaptureWriter.Pcap(traffic)]),
            ("ixia-joined", [0x0D, 0xAC, 1, 0, 0x1C, .. CaptureWriter.Pcap(traffic)[4..24], 0, 0, 0, 0, .. CaptureWriter.Pcap(traffic)]),
            ("pcapng", [0x24, .. CaptureWriter.PcapNg(traffic, new PcapNgFormat { Decorated = true, FramesPerSection = 7 })]),
            ("tunnels", [0x1A, .. CaptureWriter.Pcap(tunnels)]),
        ];
    }

    /// <summary>A gzip file inside a zstd one whose block with the gzip trailer is of the type that RFC 8878 reserves.</summary>
    private static byte[] DamagedTrailer(byte[] gzip)
    {
        byte[] packed = SavefileReading.Zstandard(gzip[..^8]);
        packed[6] &= 0xFE;
        return [.. packed, 0x47, 0, 0, .. gzip[^8..]];
    }

    /// <summary>The packets of each link type together.</summary>
    private static IEnumerable<(string, byte[])> Frames()
    {
        const int FramesOfInput = 12;
        return FrameKinds.All.GroupBy(frame => frame.LinkType).SelectMany(link =>
        {
            // Of link types alike a few frames suffice; all packets are there raw, and all that is between Ethernet and IP.
            Frame[] frames = [.. link];
            int every = link.Key is LinkRaw or LinkIPv4 or LinkIPv6 ? 1 : link.Key == LinkEthernet ? 11 : 9;
            return frames.Where((_, index) => link.Key == LinkRaw ? true : index % every == 0).Take(link.Key == LinkEthernet ? 96 : 60)
                .Where((_, index) => link.Key is LinkRaw or LinkEthernet || index < FramesOfInput)
                .Chunk(FramesOfInput).Select((chunk, index) => (
                    string.Create(CultureInfo.InvariantCulture, $"link-{link.Key}-{index}"), DecodeTarget.BytesOf(chunk)));
        });
    }

    private static IEnumerable<(string, byte[])> Captures()
    {
        byte[] payloads = CaptureWriter.Pcap([.. PayloadTraffic.Random(2).Take(16)]);
        byte[] traffic = CaptureWriter.PcapNg([.. Traffic.Random(3, new TrafficShape { Conversations = 6 }).Take(16)]);
        byte[] tunnels = CaptureWriter.Pcap([.. TunnelTraffic.Random(4, 8).Take(14)]);
        foreach (string profile in Engine.Features.Profile.All.Select(profile => profile.Name))
        {
            yield return ($"{profile}-payloads", MeterTarget.BytesOf(profile, payloads, variation: 3));
            yield return ($"{profile}-traffic", MeterTarget.BytesOf(profile, traffic, variation: 1, sweeps: true));
            yield return ($"{profile}-tunnels", MeterTarget.BytesOf(profile, tunnels, variation: 2, decapsulates: true));
        }
    }
}
