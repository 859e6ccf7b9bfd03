using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// pcapng files (draft-ietf-opsawg-pcapng): any number of sections of either byte order, several interfaces of different link types and
/// time resolutions, enhanced, simple and the obsolete packet blocks. Blocks without packets are stepped over.
/// </summary>
internal sealed unsafe partial class PcapngFormat(string name, Action<string> warn) : SavefileFormat
{
    /// <summary>The block type of a section header, the same in both byte orders; the first four bytes of every file.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint InterfaceStatistics = 5;
    private const uint EnhancedPacket = 6;
    private const int BlockOverhead = 12;

    // No block that is read is longer: a full packet, its header and a generous list of options.
    private const uint MaxBlock = MaxCapturedLength + (128 << 10);

    private readonly List<PcapngInterface> _interfaces = [];
    private bool _swapped;
    private bool _hasToldBounds;

    /// <inheritdoc/>
    public override long Walk(byte* data, int length, long position, PacketBatch batch)
    {
        batch.Clear(batch.LinkType);
        long at = 0;
        while (length - at >= BlockOverhead && !batch.IsFull)
        {
            Block block = Frame(data + at, position + at, out string? damage);
            if (damage == null && block.Length > LongestOf(block, batch))
            {
                damage = $"a block of type {block.Type:X} states {block.Length} bytes, more than any needs";
            }

            bool whole = length - at >= block.Length;
            if (damage == null && !whole)
            {
                // What carries no packet and no state may be longer than the data at hand; it is stepped over unseen.
                if (block.IsIgnored)
                {
                    batch.Records?.AddBlock(data + at, (uint)(length - at), block.Length);
                }

                return block.IsIgnored ? at + block.Length : at;
            }

            bool isOtherLinkType = false;
            damage ??= Take(block, data + at, batch, out isOtherLinkType);
            if (damage != null && batch.Count == 0)
            {
                throw Damaged(name, position + at, damage);
            }

            if (damage != null || isOtherLinkType)
            {
                return at;
            }

            if (batch.Records is { } records)
            {
                Keep(records, block, data + at, batch.Count);
            }

            CountDrops(block, data + at);
            at += block.Length;
        }

        return at;
    }

    private static uint LongestOf(Block block, PacketBatch batch) =>
        !block.IsIgnored ? MaxBlock : batch.Records != null ? RawRecords.LongestBlock : uint.MaxValue;

    private static void Keep(RawRecords records, Block block, byte* at, int packets)
    {
        if (block.IsPacket)
        {
            records.AddPacket(packets - 1, at, block.Length);
        }
        else if (block.Type == SectionHeader)
        {
            records.AddSection(at, block.Length);
        }
        else
        {
            records.AddBlock(at, block.Length, block.Length);
        }
    }

    private Block Frame(byte* at, long position, out string? damage)
    {
        damage = null;
        uint type = Unsafe.ReadUnaligned<uint>(at);
        if (type == SectionHeader)
        {
            switch (Unsafe.ReadUnaligned<uint>(at + 8))
            {
                case 0x1A2B3C4D:
                    _swapped = false;
                    break;
                case 0x4D3C2B1A:
                    _swapped = true;
                    break;
                default:
                    damage = "a section header without pcapng's byte-order mark";
                    return default;
            }
        }
        else if (position == 0)
        {
            damage = "no section header at the start";
            return default;
        }

        uint length = Read(at + 4);
        if (length < BlockOverhead || length % 4 != 0)
        {
            damage = $"a block states a length of {length} bytes, which no block can have";
        }

        return new Block(type == SectionHeader ? type : Read(at), length);
    }

    /// <summary>Takes in a whole block. Returns what is wrong with it, or null.</summary>
    private string? Take(Block block, byte* at, PacketBatch batch, out bool otherLinkType)
    {
        otherLinkType = false;
        switch (block.Type)
        {
            case SectionHeader when block.Length < 28:
                return "a section header that is too short";
            case SectionHeader:
                // The version is not looked at: writers that state another one than 1 have written these blocks all the same.
                EndSection();
                _interfaces.Clear();
                return null;
            case InterfaceDescription when block.Length < 20:
                return "an interface description that is too short";
            case InterfaceDescription:
                _interfaces.Add(PcapngInterface.Parse(new ReadOnlySpan<byte>(at + 8, (int)block.Length - BlockOverhead), _swapped));
                return null;
            case EnhancedPacket when block.Length >= 32:
                return Add(
                    Read(at + 8), Read(at + 12), Read(at + 16), Read(at + 20), Read(at + 24), at + 28, block.Length - 32, batch,
                    out otherLinkType);
            case ObsoletePacket when block.Length >= 32:
                return Add(
                    Read16(at + 8), Read(at + 12), Read(at + 16), Read(at + 20), Read(at + 24), at + 28, block.Length - 32, batch,
                    out otherLinkType);
            case SimplePacket when block.Length >= 16:
                return AddSimple(at, block.Length - 16, batch, out otherLinkType);
            default:
                return block.IsPacket ? "a packet block that is too short" : null;
        }
    }

    private string? AddSimple(byte* at, uint room, PacketBatch batch, out bool otherLinkType)
    {
        uint wire = Read(at + 8);
        uint snapLength = _interfaces.Count > 0 ? _interfaces[0].SnapLength : 0;
        uint captured = Math.Min(wire, room);
        captured = snapLength == 0 ? captured : Math.Min(captured, snapLength);
        return Add(0, 0, 0, captured, wire, at + 12, room, batch, out otherLinkType);
    }

    private string? Add(
        uint id, uint high, uint low, uint captured, uint wire, byte* bytes, uint room, PacketBatch batch, out bool otherLinkType)
    {
        otherLinkType = false;
        if (id >= _interfaces.Count)
        {
            return $"a packet of interface {id}, which the section does not describe ({_interfaces.Count} are)";
        }

        if (captured > room)
        {
            return $"a packet states {captured} captured bytes in a block that has room for {room}";
        }

        PcapngInterface origin = _interfaces[(int)id];
        if (batch.Count == 0)
        {
            batch.Clear(origin.LinkType);
        }
        else if (batch.LinkType != origin.LinkType)
        {
            otherLinkType = true;
            return null;
        }

        long time = origin.Nanoseconds(((ulong)high << 32) | low);
        if (time is CaptureTime.Earliest or CaptureTime.Latest && !_hasToldBounds)
        {
            _hasToldBounds = true;
            warn($"{name}: has times before 1933 or after 2225, which 64 bits of nanoseconds do not hold; they are moved to that year, and "
                + "the gaps between them are 0.");
        }

        batch.Add(bytes, captured, wire, time);
        return null;
    }

    private uint Read(byte* at)
    {
        uint value = Unsafe.ReadUnaligned<uint>(at);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private ushort Read16(byte* at)
    {
        ushort value = Unsafe.ReadUnaligned<ushort>(at);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private readonly record struct Block(uint Type, uint Length)
    {
        public bool IsPacket => Type is EnhancedPacket or SimplePacket or ObsoletePacket;

        public bool IsIgnored => !IsPacket && Type is not SectionHeader and not InterfaceDescription;
    }
}
