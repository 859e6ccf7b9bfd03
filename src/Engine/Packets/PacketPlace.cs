using System.Runtime.InteropServices;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// The accounting of the second pass: no statistics, only how many packets the flow has by now, and its number in the index. A cache line
/// of each row.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct PacketPlace : IAccounting
{
    /// <summary>The number of the flow in the index; -1 for none.</summary>
    public long Number;

    /// <summary>Packets of the flow so far, and so the place of the newest, from 1.</summary>
    public long Place;

    /// <summary>What a table keeps for it.</summary>
    public static FlowLayout Layout { get; } = new(sizeof(PacketPlace), null);

    /// <summary>That of a row.</summary>
    public static PacketPlace* At(FlowColumns columns, long row) => columns.ProfileState<PacketPlace>(row);

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index) => At(columns, row)->Place = 1;

    /// <inheritdoc/>
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        At(columns, row)->Place++;
        FlowHeader* header = columns.Header(row);
        long time = window.Times[index];
        bool isInOrder = time >= header->Last;
        long* last = window.FromB[index] == 0 ? &header->LastA : &header->LastB;
        *last = Math.Max(*last, time);
        return isInOrder;
    }
}
