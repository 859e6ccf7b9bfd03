using System.Runtime.InteropServices;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// An accounting that keeps of a flow only a running hash of the sizes on the wire of its first packets, forward ones with +, backward ones
/// with -. Two runs of one set-up have flows of the same sequence, whatever their addresses and times. A cache line of each row.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct SizeSequence : IAccounting
{
    /// <summary>Packets of a flow that the hash is made of, at most.</summary>
    public const int MaxPackets = 83;

    /// <summary>Flows of fewer packets say too little: many are the same by chance.</summary>
    public const int MinPackets = 15;

    /// <summary>The hash of the sequence so far.</summary>
    public ulong Hash;

    /// <summary>Packets of the flow so far, up to <see cref="MaxPackets"/>.</summary>
    public long Packets;

    /// <summary>What a table keeps for it.</summary>
    public static FlowLayout Layout { get; } = new(sizeof(SizeSequence), null);

    /// <summary>That of a row.</summary>
    public static SizeSequence* At(FlowColumns columns, long row) => columns.ProfileState<SizeSequence>(row);

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index)
    {
        *At(columns, row) = default;
        Add(columns, row, window, index);
    }

    /// <inheritdoc/>
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowHeader* header = columns.Header(row);
        long time = window.Times[index];
        bool isInOrder = time >= header->Last;
        long* last = window.FromB[index] == 0 ? &header->LastA : &header->LastB;
        *last = Math.Max(*last, time);
        Add(columns, row, window, index);
        return isInOrder;
    }

    private static void Add(FlowColumns columns, long row, PacketWindow window, int index)
    {
        SizeSequence* sequence = At(columns, row);
        if (sequence->Packets == MaxPackets)
        {
            return;
        }

        bool isForward = (columns.Header(row)->State & FlowState.ForwardIsB) != 0 == (window.FromB[index] != 0);
        long size = window.Sizes[index];

        // The number of the packet goes in, too, so that no size leaves the hash as it was.
        sequence->Packets++;
        sequence->Hash = SplitMix64.Mix(sequence->Hash + ((ulong)sequence->Packets << 40) + (ulong)(isForward ? size : -size));
    }
}
