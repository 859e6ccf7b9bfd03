using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Classic pcap files: micro- and nanosecond ones of both byte orders, Kuznetzov's modified ones (longer record headers), IXIA's lcap, and
/// those of versions before 2.4, which stored the two lengths the other way round (pcap-savefile(5)).
/// </summary>
internal sealed unsafe class PcapFormat : SavefileFormat
{
    /// <summary>Bytes of the file header.</summary>
    public const int HeaderLength = 24;

    // What follows the header of IXIA's lcap: the length of all records, which nobody needs.
    private const int IxiaExtra = 4;

    private readonly string _name;
    private readonly bool _swapped;
    private bool _isIxia;
    private uint _version;
    private int _skip;
    private readonly long _fraction;
    private readonly int _recordHeader;
    private readonly int _lengthOrder;

    private PcapFormat(string name, bool swapped, long fraction, int recordHeader, int lengthOrder, LinkType linkType)
    {
        _name = name;
        _swapped = swapped;
        _fraction = fraction;
        _recordHeader = recordHeader;
        _lengthOrder = lengthOrder;
        LinkType = linkType;
    }

    /// <summary>The link type of all packets of the file.</summary>
    public LinkType LinkType { get; }

    /// <summary>Reads a file header, or returns null if the magic number is not pcap's.</summary>
    /// <exception cref="CaptureException">The header is cut short or of an unknown version.</exception>
    public static PcapFormat? TryCreate(string name, ReadOnlySpan<byte> header)
    {
        if (header.Length < 4)
        {
            return null;
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        bool swapped = magic is 0xD4C3B2A1 or 0x4D3CB2A1 or 0x34CDB2A1 or 0xAC01001C or 0xAB01001C;
        uint inOrder = swapped ? BinaryPrimitives.ReverseEndianness(magic) : magic;
        (long fraction, int recordHeader) = FractionAndHeader(inOrder);
        if (fraction == 0)
        {
            return null;
        }

        if (header.Length < HeaderLength)
        {
            throw new CaptureException($"{name}: ends inside the pcap file header ({header.Length} of {HeaderLength} bytes); the file is "
                + "incomplete, copy or record it again.") { Fault = CaptureFault.Incomplete };
        }

        ushort major = ReadUInt16(header[4..], swapped);
        ushort minor = ReadUInt16(header[6..], swapped);
        if (major != 2)
        {
            throw new CaptureException($"{name}: pcap version {major}.{minor} is not known (2.x is); rewrite the file with a current tool, "
                + "or check that it is a capture.") { Fault = CaptureFault.Refused };
        }

        uint network = swapped
            ? BinaryPrimitives.ReadUInt32BigEndian(header[20..])
            : BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);

        // libpcap's rule for old files: before 2.3 the lengths are swapped, in 2.3 where they contradict each other.
        int lengthOrder = minor < 3 ? 2 : minor == 3 ? 1 : 0;
        return new PcapFormat(name, swapped, fraction, recordHeader, lengthOrder, (LinkType)(network & 0xFFFF))
        {
            _isIxia = inOrder is 0x1C0001AC or 0x1C0001AB,
            _version = swapped ? BinaryPrimitives.ReadUInt32BigEndian(header[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            _skip = inOrder is 0x1C0001AC or 0x1C0001AB ? IxiaExtra : 0,
        };
    }

    /// <summary>Nanoseconds of a tick and bytes of a record's header, by the magic number; nothing where it is none of pcap's.</summary>
    private static (long Fraction, int RecordHeader) FractionAndHeader(uint magic) => magic switch
    {
        0xA1B2C3D4 => (1000L, 16),
        0x1C0001AC or 0x1C0001AB => (1L, 16),
        0xA1B23C4D => (1L, 16),
        0xA1B2CD34 => (1000L, 24),
        _ => (0L, 0),
    };

    /// <summary>
    /// The header under which copied records are a capture: the file's own, but for IXIA's, whose records are those of pcap with
    /// nanoseconds.
    /// </summary>
    public byte[] HeaderForCopies(ReadOnlySpan<byte> header)
    {
        byte[] copy = header[..HeaderLength].ToArray();
        if (_isIxia)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(copy, _swapped ? 0x4D3CB2A1 : 0xA1B23C4D);
        }

        return copy;
    }

    /// <inheritdoc/>
    public override long Walk(byte* data, int length, long position, PacketBatch batch)
    {
        batch.Clear(LinkType);
        if (_skip > 0)
        {
            int skipped = _skip;
            _skip = 0;
            return skipped;
        }

        byte** packets = batch.Data;
        uint* capturedLengths = batch.CapturedLength;
        uint* wireLengths = batch.WireLength;
        long* times = batch.Time;
        byte* at = data;
        byte* end = data + length;
        int count = 0;
        while (end - at >= _recordHeader && count < PacketBatch.Capacity)
        {
            uint seconds = Read(at);
            uint fraction = Read(at + 4);
            uint captured = Read(at + 8);
            uint wire = Read(at + 12);
            if (_lengthOrder != 0 && (_lengthOrder == 2 || captured > wire))
            {
                (captured, wire) = (wire, captured);
            }

            byte* bytes = at + _recordHeader;

            // One comparison for lengths of 0 and too large ones: both are rare.
            if (captured - 1 >= MaxCapturedLength || end - bytes < captured)
            {
                ThrowIfLying(captured, position + (at - data), count);
                bool isHeader = captured == 0 && wire == 0 && IsFileHeader(seconds, fraction);
                if (isHeader && count == 0)
                {
                    throw Damaged(_name, position + (at - data), "a second file header stands between the records: two captures were "
                        + "joined as they are; give them as two files, or join them with mergecap");
                }

                if (isHeader || captured != 0)
                {
                    break;
                }
            }

            packets[count] = bytes;
            capturedLengths[count] = captured;
            wireLengths[count] = wire;
            times[count] = (seconds * CaptureTime.Second) + (fraction * _fraction);
            count++;
            at = bytes + captured;
        }

        batch.SetCount(count);
        batch.Records?.AddPackets(batch, (uint)_recordHeader);
        return at - data;
    }

    /// <summary>Of any kind of pcap: a copy has another magic number than IXIA's, and files of two kinds may be joined.</summary>
    private bool IsFileHeader(uint first, uint second) => second == _version && FractionAndHeader(first).Fraction > 0;

    private void ThrowIfLying(uint captured, long position, int count)
    {
        if (captured > MaxCapturedLength && count == 0)
        {
            throw Damaged(
                _name, position, $"a record states {captured} captured bytes, more than the {MaxCapturedLength} any capture holds");
        }
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Read(byte* at)
    {
        uint value = Unsafe.ReadUnaligned<uint>(at);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }
}
