using System.Numerics;

namespace FlowMeter.Tests.Support;

/// <summary>Writes one section of a pcapng file.</summary>
internal sealed class PcapNgSection(PcapNgFormat format, bool bigEndian, List<int> linkTypes)
{
    private const int HeaderLength = 28;
    private const int LengthAt = 16;

    private readonly CaptureBytes _section = new(bigEndian);

    public byte[] Write(IEnumerable<Frame> frames)
    {
        Block(0x0A0D0D0A, body =>
        {
            body.Add32(0x1A2B3C4D);
            body.Add16(1);
            body.Add16(0);
            body.Add64(-1);
        });
        foreach (int linkType in linkTypes)
        {
            Block(1, body => Interface(body, linkType));
        }
        if (format.Decorated)
        {
            Block(4, body => body.Add32(0));
            Block(0xBAD, body => body.Add([0, 0, 0x7F, 0xFF, 1, 2, 3, 4]));
        }
        foreach (Frame frame in frames)
        {
            Packet(frame);
        }
        if (format.Decorated)
        {
            Block(5, body =>
            {
                body.Add32(0);
                body.Add64(0);
            });
        }
        byte[] section = _section.ToArray();
        if (format.StatesLength)
        {
            CaptureBytes length = new(bigEndian);
            length.Add64(section.Length - HeaderLength);
            length.ToArray().CopyTo(section, LengthAt);
        }
        return section;
    }

    private void Interface(CaptureBytes body, int linkType)
    {
        body.Add16(linkType);
        body.Add16(0);
        body.Add32(format.SnapLength);
        if (format.Decorated)
        {
            Option(body, 2, [.. "eth0:a"u8]);
        }
        if (format.Resolution is { } resolution)
        {
            Option(body, 9, [resolution]);
        }
        if (format.OffsetSeconds != 0)
        {
            body.Add16(14);
            body.Add16(8);
            body.Add64(format.OffsetSeconds);
        }
        body.Add32(0);
    }

    private void Packet(Frame frame)
    {
        int interfaceNumber = linkTypes.IndexOf(frame.LinkType);
        if (format.PacketBlock == PcapNgPacketBlock.Simple)
        {
            Block(3, body =>
            {
                body.Add32(frame.OriginalLength);
                body.Add(frame.Captured);
            });
            return;
        }
        bool enhanced = format.PacketBlock == PcapNgPacketBlock.Enhanced;
        Block(enhanced ? 6u : 2u, body =>
        {
            if (enhanced)
            {
                body.Add32((uint)interfaceNumber);
            }
            else
            {
                body.Add16(interfaceNumber);
                body.Add16(0xFFFF);
            }
            ulong ticks = Ticks(frame.TimestampNs);
            body.Add32((uint)(ticks >> 32));
            body.Add32((uint)ticks);
            body.Add32((uint)frame.Captured.Length);
            body.Add32(frame.OriginalLength);
            body.Add(frame.Captured);
            body.PadToWord();
            if (format.Decorated)
            {
                Option(body, 1, [.. "seen"u8]);
                body.Add32(0);
            }
        });
    }

    /// <summary>The tick that holds the time. Ticks coarser than a nanosecond lose what is below them.</summary>
    private ulong Ticks(long timestampNs)
    {
        byte resolution = format.Resolution ?? 6;
        BigInteger perSecond = (resolution & 0x80) != 0 ? BigInteger.One << (resolution & 0x7F) : BigInteger.Pow(10, resolution);
        BigInteger sinceOffset = timestampNs - ((BigInteger)format.OffsetSeconds * 1_000_000_000);
        return (ulong)(sinceOffset * perSecond / 1_000_000_000);
    }

    private static void Option(CaptureBytes body, int code, byte[] value)
    {
        body.Add16(code);
        body.Add16(value.Length);
        body.Add(value);
        body.PadToWord();
    }

    private void Block(uint type, Action<CaptureBytes> fill)
    {
        CaptureBytes body = new(bigEndian);
        fill(body);
        body.PadToWord();
        _section.Add32(type);
        _section.Add32((uint)body.Length + 12);
        _section.Add(body.ToArray());
        _section.Add32((uint)body.Length + 12);
    }
}
