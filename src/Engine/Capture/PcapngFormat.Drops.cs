using System.Buffers.Binary;

namespace FlowMeter.Engine.Capture;

/// <summary>What a pcapng file states of losses. Nothing here is damage: a count that makes no sense is no count.</summary>
internal sealed unsafe partial class PcapngFormat
{
    private const ushort DropCount = 4;
    private const ushort InterfaceDrops = 5;
    private const ushort SystemDrops = 7;
    private const ushort UnknownDrops = 0xFFFF;

    private StatedDrops _ended = StatedDrops.None;
    private long _betweenPackets;

    /// <inheritdoc/>
    public override StatedDrops Drops =>
        _interfaces.Aggregate(_ended, (sum, one) => sum.Plus(one.Drops)) with { BetweenPackets = _betweenPackets };

    private void EndSection() => _ended = _interfaces.Aggregate(_ended, (sum, one) => sum.Plus(one.Drops));

    /// <summary>Takes in what a whole block says, once.</summary>
    private void CountDrops(Block block, byte* at)
    {
        switch (block.Type)
        {
            case EnhancedPacket:
                uint options = 28 + ((Read(at + 20) + 3) & ~3u);

                // Most packets have no options, and then this is all that is asked.
                if (block.Length > options + 8)
                {
                    _betweenPackets += Math.Max(Option(at + options, block.Length - options - 4, DropCount), 0);
                }

                break;
            case ObsoletePacket when Read16(at + 10) != UnknownDrops:
                _betweenPackets += Read16(at + 10);
                break;
            case InterfaceStatistics when block.Length >= 24 && Read(at + 8) < _interfaces.Count:
                PcapngInterface origin = _interfaces[(int)Read(at + 8)];
                origin.Drops = new StatedDrops(
                    NotNegative(Option(at + 20, block.Length - 24, InterfaceDrops), origin.Drops.Interface),
                    NotNegative(Option(at + 20, block.Length - 24, SystemDrops), origin.Drops.System),
                    0);
                break;
        }
    }

    private static long NotNegative(long stated, long before) => stated >= 0 ? stated : before;

    /// <summary>The value of a 64-bit option; -1 where there is none, or one that no counter reaches.</summary>
    private long Option(byte* at, uint length, ushort wanted)
    {
        while (length >= 4)
        {
            ushort code = Read16(at);
            uint size = Read16(at + 2);
            uint whole = 4 + ((size + 3) & ~3u);
            if (code == 0 || whole > length)
            {
                break;
            }

            if (code == wanted && size == 8)
            {
                ulong value = System.Runtime.CompilerServices.Unsafe.ReadUnaligned<ulong>(at + 4);
                value = _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
                return value <= int.MaxValue * 1024L * 1024 ? (long)value : -1;
            }

            at += whole;
            length -= whole;
        }

        return -1;
    }
}
