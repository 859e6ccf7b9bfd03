using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of a profile, and beside it what is no statistic but tells people what a flow is: the state of its connection and, where
/// they are asked for, its names. A column of its own, so that runs that do not ask for it keep and touch nothing.
/// </summary>
internal readonly unsafe struct Annotated<TAccounting, TNaming> : IAccounting
    where TAccounting : IAccounting
    where TNaming : INaming
{
    /// <inheritdoc/>
    public static PayloadDetail Payloads => TAccounting.Payloads | TNaming.Payloads;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(FlowColumns columns, long row, byte fromB) => TAccounting.Prefetch(columns, row, fromB);

    /// <inheritdoc/>
    public static bool HasRoom(FlowColumns columns, long row) => TAccounting.HasRoom(columns, row);

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index)
    {
        TAccounting.Begin(columns, row, window, index);
        columns.Connection(row)->Begin(
            window.Keys[index].Protocol, window.FromB[index], window.TcpFlags[index], window.PayloadOf(index).Length);
        if (TNaming.IsOn)
        {
            columns.Names!.Begin(columns.Annotations(row), columns.Header(row), window, index);
        }

        columns.Header(row)->Settled = SettledOf(columns, row);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        // Whether there is payload is worked out only where that could tell something.
        Settled any = ToldBy(window.FromB[index], hasPayload: true);
        if ((window.TcpFlags[index] & ConnectionTrack.Control) != 0 || (columns.Header(row)->Settled & any) != any)
        {
            TakeUnsettled(columns, row, window, index);
        }

        return TAccounting.Update(columns, row, window, index);
    }

    /// <inheritdoc/>
    public static void End(FlowColumns columns, long row)
    {
        TAccounting.End(columns, row);
        if (TNaming.IsOn)
        {
            columns.Names!.End(columns.Annotations(row), columns.Header(row));
        }
    }

    /// <inheritdoc/>
    public static bool IsLeftOut(FlowColumns columns, long row) => TAccounting.IsLeftOut(columns, row);

    /// <inheritdoc/>
    public static void Discard(FlowColumns columns, long row)
    {
        TAccounting.Discard(columns, row);
        if (TNaming.IsOn)
        {
            columns.Names!.Discard(columns.Annotations(row));
        }
    }

    /// <summary>What a packet of an end may tell, unless it is a SYN, FIN or RST.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Settled ToldBy(byte fromB, bool hasPayload)
    {
        Settled names = TNaming.IsOn ? (Settled)((byte)Settled.NamesOfA << fromB) : 0;
        return (Settled)((byte)Settled.StateOfA << fromB) | (hasPayload ? Settled.Data | names : 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeUnsettled(FlowColumns columns, long row, PacketWindow window, int index)
    {
        byte fromB = window.FromB[index];
        byte flags = window.TcpFlags[index];
        PacketPayload payload = window.PayloadOf(index);
        FlowHeader* header = columns.Header(row);
        Settled told = ToldBy(fromB, payload.Length > 0);
        if ((flags & ConnectionTrack.Control) == 0 && (header->Settled & told) == told)
        {
            return;
        }

        columns.Connection(row)->Take(fromB, flags, payload.Length);
        if (TNaming.IsOn)
        {
            columns.Names!.Update(columns.Annotations(row), header, window, index, in payload);
        }

        header->Settled = SettledOf(columns, row);
    }

    private static Settled SettledOf(FlowColumns columns, long row) => columns.Connection(row)->Settled
        | (TNaming.IsOn ? (Settled)((columns.Annotations(row)->Names.Done & 3) * (byte)Settled.NamesOfA) : 0);
}
