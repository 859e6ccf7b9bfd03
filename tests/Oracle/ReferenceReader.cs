using System.Buffers.Binary;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>Reads pcap and pcapng the slow, plain way: the whole file in memory, one frame after the other.</summary>
internal static partial class ReferenceReader
{
    private const uint SectionHeaderBlock = 0x0A0D0D0A;

    public static ReferenceCapture ReadFile(string path) => Read(File.ReadAllBytes(path));

    public static ReferenceCapture Read(byte[] file)
    {
        if (file.Length < 4)
        {
            return new ReferenceCapture([], CaptureEnding.NotACapture);
        }
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        return magic switch
        {
            0xA1B2C3D4 => ReadPcap(file, bigEndian: false, nanosecondsPerTick: 1000),
            0xD4C3B2A1 => ReadPcap(file, bigEndian: true, nanosecondsPerTick: 1000),
            0xA1B23C4D => ReadPcap(file, bigEndian: false, nanosecondsPerTick: 1),
            0x4D3CB2A1 => ReadPcap(file, bigEndian: true, nanosecondsPerTick: 1),
            0xA1B2CD34 => ReadPcap(file, bigEndian: false, nanosecondsPerTick: 1000, recordHeader: 24),
            0x34CDB2A1 => ReadPcap(file, bigEndian: true, nanosecondsPerTick: 1000, recordHeader: 24),
            0x1C0001AC or 0x1C0001AB => ReadPcap(file, bigEndian: false, nanosecondsPerTick: 1, headerLength: 28),
            0xAC01001C or 0xAB01001C => ReadPcap(file, bigEndian: true, nanosecondsPerTick: 1, headerLength: 28),
            SectionHeaderBlock => new PcapNgFile(file).Read(),
            _ => new ReferenceCapture([], CaptureEnding.NotACapture),
        };
    }

    private static ReferenceCapture ReadPcap(
        byte[] file, bool bigEndian, long nanosecondsPerTick, int headerLength = 24, int recordHeader = 16)
    {
        List<Frame> frames = [];
        if (file.Length < 24)
        {
            return new ReferenceCapture(frames, CaptureEnding.Torn);
        }

        if (UInt16(file, 4, bigEndian) != 2)
        {
            return new ReferenceCapture(frames, CaptureEnding.NotACapture);
        }
        ushort minorVersion = UInt16(file, 6, bigEndian);

        // The upper half of the field tells whether frames end in a check sequence, and for how long.
        int linkType = (int)(UInt32(file, 20, bigEndian) & 0xFFFF);
        int at = headerLength;
        if (file.Length < headerLength)
        {
            return new ReferenceCapture(frames, file.Length == 24 ? CaptureEnding.Complete : CaptureEnding.Torn);
        }

        while (at < file.Length)
        {
            if (file.Length - at < recordHeader)
            {
                return new ReferenceCapture(frames, CaptureEnding.Torn);
            }
            // Seconds are unsigned, so a pcap lasts until 2106; a fraction of a second or more just carries over.
            long time = (UInt32(file, at, bigEndian) * 1_000_000_000L) + (UInt32(file, at + 4, bigEndian) * nanosecondsPerTick);
            uint captured = UInt32(file, at + 8, bigEndian);
            uint original = UInt32(file, at + 12, bigEndian);
            // pcap-savefile(5): before 2.3 the two lengths were the other way round, and in 2.3 only the values tell.
            if (minorVersion < 3 || (minorVersion == 3 && captured > original))
            {
                (captured, original) = (original, captured);
            }
            // A packet of no bytes whose time is how a file of any kind begins: a file header, where captures were joined as they are.
            if (captured == 0 && original == 0 && file.AsSpan(at + 4, 4).SequenceEqual(file.AsSpan(4, 4))
                && UInt32(file, at, bigEndian) is 0xA1B2C3D4 or 0xA1B23C4D or 0xA1B2CD34 or 0x1C0001AC or 0x1C0001AB)
            {
                return new ReferenceCapture(frames, CaptureEnding.Damaged);
            }
            at += recordHeader;
            // libpcap's MAXIMUM_SNAPLEN; more than that is no length.
            if (captured > 262_144)
            {
                return new ReferenceCapture(frames, CaptureEnding.Damaged);
            }
            if (captured > file.Length - at)
            {
                return new ReferenceCapture(frames, CaptureEnding.Torn);
            }
            frames.Add(new Frame(linkType, time, file.AsSpan(at, (int)captured).ToArray(), original));
            at += (int)captured;
        }
        return new ReferenceCapture(frames, CaptureEnding.Complete);
    }

    private static ushort UInt16(byte[] bytes, int at, bool bigEndian)
    {
        return bigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at))
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
    }

    private static uint UInt32(byte[] bytes, int at, bool bigEndian)
    {
        return bigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at))
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
    }

    private static long Int64(byte[] bytes, int at, bool bigEndian)
    {
        return bigEndian
            ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at))
            : BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
    }
}
