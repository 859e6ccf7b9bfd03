using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// What a host did lately in one role, as the source or as the destination of flows: a cache line for sums, one for the other ends and one
/// for the ports.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal unsafe struct HostEntry
{
    /// <summary>Cache lines.</summary>
    public const int Lines = 3;

    private const int Answered = Damping.Windows;
    private const int Long = 2 * Damping.Windows;
    private const long DnsMemory = 5 * CaptureTime.Second;

    /// <summary>What the entry is about.</summary>
    [FieldOffset(0)]
    public ulong Hash;

    /// <summary>The newest start of a flow, ns: what all sums are valued at.</summary>
    [FieldOffset(8)]
    private long _clock;

    /// <summary>The newest start of a flow to port 53, ns.</summary>
    [FieldOffset(16)]
    private long _dns;

    // Flows, those of them that were answered so far, and those that reached six packets so far; all damped.
    [FieldOffset(24)]
    private fixed float _sums[3 * Damping.Windows];

    /// <summary>When old cells were last emptied (<see cref="ContactCells.TimeOf"/>).</summary>
    [FieldOffset(60)]
    private ushort _purged;

    [FieldOffset(62)]
    private bool _hasDns;

    [FieldOffset(63)]
    private bool _hasFlows;

    [FieldOffset(64)]
    private ContactCells _peers;

    [FieldOffset(128)]
    private ContactCells _ports;

    /// <summary>Tells a flow that begins what came before it, and counts it.</summary>
    /// <param name="time">The flow's start, ns.</param>
    /// <param name="peerCell">The hash of the host at the other end that chooses its cell.</param>
    /// <param name="portCell">The same of the service.</param>
    /// <param name="service">Flows to the same service, damped.</param>
    /// <param name="peer">Flows with the same peer, damped.</param>
    /// <param name="view">Receives what came before.</param>
    /// <returns>How much older the flow is than the newest one, s.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Take(long time, ulong peerCell, ulong portCell, Vector128<float> service, Vector128<float> peer, HostView* view)
    {
        if (!_hasFlows || time < _clock - Damping.Memory)
        {
            Begin(time);
        }

        ushort now = ContactCells.TimeOf(Math.Max(time, _clock));
        ushort purged = PurgeIfOld(time, now);
        bool hasDns = _hasDns;
        view->HasDns = hasDns && time - _dns <= DnsMemory;
        fixed (float* sums = _sums)
        {
            Vector128<float> flows = Vector128.Load(sums);
            Vector128<float> answered = Vector128.Load(sums + Answered);
            Vector128<float> beyond = Vector128.Load(sums + Long);
            if (time > _clock)
            {
                Vector256<double> factors = Damping.Factors(time - _clock);
                flows = Damping.Multiply(flows, factors);
                answered = Damping.Multiply(answered, factors);
                beyond = Damping.Multiply(beyond, factors);
                _clock = time;
            }

            view->Keep(flows, answered, beyond, service, peer);

            // A fourth lane, which means nothing, is where the next field comes.
            (flows + Vector128<float>.One).Store(sums);
            answered.Store(sums + Answered);
            beyond.Store(sums + Long);
        }

        _purged = purged;
        _hasDns = hasDns;
        _hasFlows = true;
        _peers.Count(now, view->Peers);
        _ports.Count(now, view->Ports);
        _peers.Mark(peerCell, now);
        _ports.Mark(portCell, now);
        return (float)((_clock - time) / (double)CaptureTime.Second);
    }

    /// <summary>Notes a flow to port 53 that begins.</summary>
    public void TakeDns(long time)
    {
        _dns = time;
        _hasDns = true;
    }

    /// <summary>Notes that a flow has been answered, or else has reached six packets.</summary>
    /// <param name="start">Its start, ns.</param>
    /// <param name="lag">What <see cref="Take"/> returned then.</param>
    /// <param name="isAnswer">Which of the two.</param>
    /// <remarks>
    /// Adds what the flow counts for by now: as of when it was counted, which is later than its start where times run backwards.
    /// </remarks>
    public void Note(long start, float lag, bool isAnswer)
    {
        // Where the sums began anew since, the clock is behind the flow, and it is in none of them. A lag is exact to less than this.
        const long Exactness = CaptureTime.Second / 1000;
        long age = _clock - start - (long)((double)lag * CaptureTime.Second);
        if (age < -Exactness)
        {
            return;
        }

        fixed (float* sums = _sums)
        {
            Damping.Add(sums + (isAnswer ? Answered : Long), Damping.Factors(Math.Max(age, 0)));
        }
    }

    /// <summary>Begins anew: one wrong time stamp in the future must not freeze the sums.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Begin(long time) => this = new HostEntry { Hash = Hash, _clock = time, _purged = ContactCells.TimeOf(time) };

    /// <summary>Empties cells that are beyond the longest window, now and then. Returns when that was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ushort PurgeIfOld(long time, ushort now) =>
        time - _clock > Damping.Memory || (ushort)(now - _purged) > ContactCells.Longest ? Purge(time, now) : _purged;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ushort Purge(long time, ushort now)
    {
        if (time - _clock > Damping.Memory)
        {
            _peers = default;
            _ports = default;
        }
        else
        {
            _peers.Purge(now);
            _ports.Purge(now);
        }

        return now;
    }
}
