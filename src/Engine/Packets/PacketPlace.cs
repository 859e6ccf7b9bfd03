using System.Runtime.InteropServices;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Packets;

/// <summary>The accounting of the second pass: no statistics, only how many packets the flow has by now, and its number in the index. A cache line of each row.</summary>
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
    public static PacketPlace* Of(FlowColumns columns, long row) => columns.Own<PacketPlace>(row);

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index) => Of(columns, row)->Place = 1;

    /// <inheritdoc/>
    public static bool Take(FlowColumns columns, long row, PacketWindow window, int index)
    {
        Of(columns, row)->Place++;
        FlowIdentity* identity = columns.Identity(row);
        long time = window.Times[index];
        bool isInOrder = time >= identity->Last;
        long* last = window.FromHigh[index] == 0 ? &identity->LastLow : &identity->LastHigh;
        *last = Math.Max(*last, time);
        return isInOrder;
    }

    /// <inheritdoc/>
    public static void Settle(FlowColumns columns, PacketWindow window, int from, int to)
    {
    }
}
