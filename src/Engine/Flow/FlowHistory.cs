using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>What profile <c>appflow</c> keeps of a flow in its own column: two cache lines.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct FlowHistory
{
    /// <summary>
    /// Packets that need no block. So a block is never for a few packets alone, and a packet costs at most 16 bytes of blocks.
    /// </summary>
    public const int Inline = 8;

    /// <inheritdoc cref="HistoryBlock.Times"/>
    public fixed long Times[Inline];

    /// <inheritdoc cref="HistoryBlock.Lengths"/>
    public fixed uint Lengths[Inline];

    public ulong Packets;

    /// <summary>Packets in which an HTTP answer of success begins.</summary>
    public ulong Successes;

    /// <summary>The first block and the last one.</summary>
    public uint Head;

    /// <inheritdoc cref="Head"/>
    public uint Tail;

    /// <summary>Packets in the last block; a whole block's while there is none.</summary>
    public byte TailUsed;

    /// <summary>Puts a block at the end of the chain.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Grow(HistoryBlocks blocks)
    {
        uint number = blocks.Take();
        if (Head == HistoryArena.None)
        {
            Head = number;
        }
        else
        {
            blocks.Arena[Tail]->Next = number;
        }

        Tail = number;
        TailUsed = 0;
    }
}
