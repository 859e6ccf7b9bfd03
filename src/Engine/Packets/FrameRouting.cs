using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Parts the frames of a live capture: those that follow on a benign verdict at their flow's decision point, and all others, which are
/// suspicious. Each worker has a <see cref="FrameRouter"/> of its own; their frames meet in one output for each part.
/// </summary>
public sealed class FrameRouting : IFrameRouting
{
    private readonly List<FrameRouter> _routers = [];

    /// <summary>Begins the outputs.</summary>
    /// <param name="linkType">That of all captured frames.</param>
    /// <param name="snapLength">Bytes kept of a frame at most.</param>
    /// <param name="suspicious">
    /// Takes suspicious frames as pcap (<see cref="PacketFraming.Instance"/>); null: disabled. Stays the caller's.
    /// </param>
    /// <param name="benign">Takes benign ones, likewise.</param>
    /// <param name="forwarder">Sends suspicious frames on; null: disabled. Stays the caller's.</param>
    /// <exception cref="OutputException">An output can not be begun.</exception>
    public FrameRouting(
        LinkType linkType, int snapLength, ResilientOutput? suspicious, ResilientOutput? benign, FrameForwarder? forwarder = null)
    {
        Forwarder = forwarder;
        LinkType = linkType;
        Suspicious = suspicious;
        Benign = benign;
        byte[] header = PcapRecord.FileHeader(linkType, snapLength);
        suspicious?.Begin(header);
        benign?.Begin(header);
    }

    /// <summary>Frames and bytes by where they went; may be read from any thread.</summary>
    public DataReduction Reduction => new(
        _routers.Sum(router => router.SuspiciousFrames),
        _routers.Sum(router => router.SuspiciousBytes),
        _routers.Sum(router => router.BenignFrames),
        _routers.Sum(router => router.BenignBytes),
        _routers.Sum(router => router.LeftOutFrames));

    /// <summary>
    /// Frames that should have been written and were not: the output failed, or the interface came back with another link type.
    /// </summary>
    public long LostFrames => (Suspicious?.LostRows ?? 0) + (Benign?.LostRows ?? 0) + _routers.Sum(router => router.ForeignFrames);

    /// <summary>Sends suspicious frames on; null: disabled.</summary>
    public FrameForwarder? Forwarder { get; }

    /// <summary>Makes what rewrites frames, for each worker; null: they stay as they are.</summary>
    public Func<FrameAnonymizer>? Rewriting { get; init; }

    internal LinkType LinkType { get; }

    internal ResilientOutput? Suspicious { get; }

    internal ResilientOutput? Benign { get; }

    /// <inheritdoc/>
    IFrameRetention IFrameRouting.CreateRetention() => CreateRouter();

    /// <summary>A router for one more worker, which owns it. Not while others run.</summary>
    internal FrameRouter CreateRouter()
    {
        FrameRouter router = new(this);
        _routers.Add(router);
        return router;
    }
}
