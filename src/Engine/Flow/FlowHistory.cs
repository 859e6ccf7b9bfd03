using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// What profile <c>appflow</c> keeps of a flow in its own column: two cache lines. New packets are written here, at an address that can be
/// asked for in advance; once it is full they go to a block, all at once.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct FlowHistory
{
    /// <summary>The newest packets (<see cref="HistoryWord"/>); older ones are in blocks.</summary>
    public fixed ulong Words[HistoryBlock.Capacity];

    public ulong Packets;

    /// <summary>Packets in which an HTTP answer of success begins.</summary>
    public ulong Successes;

    /// <summary>The first block and the last one.</summary>
    public uint Head;

    /// <inheritdoc cref="Head"/>
    public uint Tail;

    /// <summary>Words that are used of <see cref="Words"/>.</summary>
    public uint Used;

    /// <summary>Whether a packet of any kind finds room without another block.</summary>
    public readonly bool HasRoom => Used <= HistoryBlock.Capacity - HistoryWord.MaxWords;

    /// <summary>Appends a packet that does not fit one word. Without room for it there must be a block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AddLong(HistoryBlocks blocks, long time, uint length, byte fromB)
    {
        if (!HasRoom)
        {
            for (; Used < HistoryBlock.Capacity; Used++)
            {
                Words[Used] = HistoryWord.Rest;
            }

            MoveToBlock(blocks);
        }

        Words[Used++] = HistoryWord.OfLong(fromB);
        Words[Used++] = (ulong)time;
        Words[Used++] = length;
    }

    /// <summary>Puts all words into a block at the end of the chain. There must be one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void MoveToBlock(HistoryBlocks blocks)
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
        Used = 0;
        fixed (ulong* words = Words)
        {
            Unsafe.CopyBlockUnaligned(blocks.Arena[number]->Words, words, HistoryBlock.Capacity * sizeof(ulong));
        }
    }
}
