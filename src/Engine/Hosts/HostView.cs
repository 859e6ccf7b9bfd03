using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// What a host did before a flow began, in each window of <see cref="Damping.Seconds"/>. The sums are kept as they were then; shares of
/// them are made when they are asked for.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostView
{
    // Where which sums begin.
    private const int OfFlows = 0;
    private const int OfAnswered = 1 * Damping.Windows;
    private const int OfLong = 2 * Damping.Windows;
    private const int OfSameService = 3 * Damping.Windows;
    private const int OfSamePeer = 4 * Damping.Windows;

    private fixed float _sums[5 * Damping.Windows];

    /// <summary>Cells hit by hosts at the other end (<see cref="ContactCells"/>).</summary>
    public fixed byte Peers[Damping.Windows];

    /// <summary>Cells hit by destination ports.</summary>
    public fixed byte Ports[Damping.Windows];

    /// <summary>Of a source, whether it began a flow to port 53 in the 5 s before.</summary>
    public bool HasDns;

    /// <summary>Keeps the sums of a moment. What is behind them has to be set afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Keep(
        Vector128<float> flows, Vector128<float> answered, Vector128<float> beyond, Vector128<float> service, Vector128<float> peer)
    {
        fixed (float* sums = _sums)
        {
            // A fourth lane, which means nothing, is where the next sums come.
            flows.Store(sums + OfFlows);
            answered.Store(sums + OfAnswered);
            beyond.Store(sums + OfLong);
            service.Store(sums + OfSameService);
            peer.Store(sums + OfSamePeer);
        }
    }

    /// <summary>Flows, damped.</summary>
    public readonly float Flows(int window) => _sums[OfFlows + window] < Damping.Least ? 0 : _sums[OfFlows + window];

    /// <summary>The share of them that had no answer yet.</summary>
    public readonly float Unanswered(int window) => Rest(OfAnswered, window);

    /// <summary>The share of them that had fewer than six packets yet.</summary>
    public readonly float Short(int window) => Rest(OfLong, window);

    /// <summary>The share of them to the same destination port and protocol.</summary>
    public readonly float SameService(int window) => Share(OfSameService, window);

    /// <summary>The share of them with the same host at the other end.</summary>
    public readonly float SamePeer(int window) => Share(OfSamePeer, window);

    private readonly float Share(int part, int window) => Damping.Share(_sums[part + window], _sums[OfFlows + window]);

    private readonly float Rest(int part, int window) => _sums[OfFlows + window] < Damping.Least ? 0 : 1 - Share(part, window);
}
