using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// When a flow is over and why (SPEC §2), as numbers at hand: what its next packet decides, what a sweep may decide before, and what the
/// end of the input does.
/// </summary>
internal readonly unsafe struct FlowExpiry(FlowRules rules, long sweepSlack)
{
    private readonly long _idle = rules.IdleTimeout;
    private readonly long _dnsIdle = rules.DnsIdleTimeout ?? rules.IdleTimeout;
    private readonly long _active = rules.ActiveTimeout;
    private readonly long _linger = rules.LingerTime;
    private readonly long _patience = Math.Min(Math.Min(rules.IdleTimeout, rules.DnsIdleTimeout ?? rules.IdleTimeout), rules.LingerTime);
    private readonly bool _closesOnTwoFins = rules.ClosesOnTwoFins;

    /// <summary>The longest that a flow waits for its next packet before a sweep ends it, ns.</summary>
    public static long LongestWait(FlowRules rules, long sweepSlack)
    {
        long wait = Math.Max(Math.Max(rules.IdleTimeout, rules.DnsIdleTimeout ?? 0), rules.LingerTime);
        return wait < long.MaxValue - sweepSlack ? wait + sweepSlack : long.MaxValue;
    }

    /// <summary>
    /// Why a packet of its key ends a flow, in SPEC's order, or none if the packet belongs to it. Most do, and are seen to by three
    /// comparisons.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowEndReason AtPacket(FlowHeader* flow, byte tcpFlags, long time)
    {
        long gap = time - flow->Last;
        bool isLikelyNone = gap <= _patience && (tcpFlags & TcpFlag.Syn) == 0 && time - flow->First <= _active;
        return isLikelyNone ? FlowEndReason.None : AtPacketInFull(flow, tcpFlags, time, gap);
    }

    /// <summary>
    /// Why a flow may be swept out, or none. It waits longer than the timeout, as long as frames may come late, so that what a flow
    /// contains is decided by its own packets.
    /// </summary>
    public FlowEndReason AtSweep(FlowHeader* flow, long newest)
    {
        long idle = newest - flow->Last - sweepSlack;
        return flow->IsClosed
            ? (idle > _linger ? FlowEndReason.EndOfFlowDetected : FlowEndReason.None)
            : (idle > IdleOf(flow) ? FlowEndReason.IdleTimeout : FlowEndReason.None);
    }

    /// <summary>Why a flow ends that is left when the input does.</summary>
    public FlowEndReason AtEnd(FlowHeader* flow, long newest) =>
        flow->IsClosed ? FlowEndReason.EndOfFlowDetected
        : newest - flow->Last > IdleOf(flow) ? FlowEndReason.IdleTimeout
        : FlowEndReason.ForcedEnd;

    /// <summary>Notes a FIN or a RST.</summary>
    public void Close(FlowHeader* flow, byte tcpFlags, byte fromB)
    {
        FlowState fin = (FlowState)((int)FlowState.FinA << (_closesOnTwoFins ? ((flow->State & FlowState.FinA) == 0 ? 0 : 1) : fromB));
        flow->State |= ((tcpFlags & TcpFlag.Fin) != 0 ? fin : 0) | ((tcpFlags & TcpFlag.Rst) != 0 ? FlowState.Reset : 0);
    }

    private long IdleOf(FlowHeader* flow)
    {
        const int DnsPort = 53;
        return flow->Key.PortA == DnsPort || flow->Key.PortB == DnsPort ? _dnsIdle : _idle;
    }

    private FlowEndReason AtPacketInFull(FlowHeader* flow, byte tcpFlags, long time, long gap)
    {
        // A SYN that is older than the flow's newest packet is a late one of the connection that was closed, not the first of a new one.
        bool opens = (tcpFlags & TcpFlag.SynAck) == TcpFlag.Syn && gap >= 0;
        if (flow->IsClosed && (opens || gap > _linger))
        {
            return FlowEndReason.EndOfFlowDetected;
        }

        return gap > IdleOf(flow) ? FlowEndReason.IdleTimeout
            : time - flow->First > _active ? FlowEndReason.ActiveTimeout
            : FlowEndReason.None;
    }
}
