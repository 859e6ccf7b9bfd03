using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Hosts;

/// <summary>The source, the destination and the service of a flow.</summary>
internal readonly ref struct FlowEnds
{
    public readonly ulong SourceUpper;
    public readonly ulong SourceLower;
    public readonly ulong DestinationUpper;
    public readonly ulong DestinationLower;

    /// <summary>IP version, where a key's tail has it.</summary>
    public readonly ulong Version;

    /// <summary>Destination port, protocol and IP version.</summary>
    public readonly ulong Service;

    private const ulong VersionMask = 0xFF_00_0000_0000UL;
    private const ulong ProtocolMask = 0x00_FF_0000_0000UL;

    /// <summary>Tells the ends of a key apart.</summary>
    /// <param name="key">The flow's key.</param>
    /// <param name="forwardIsB">Whether endpoint B is the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowEnds(in FlowKey key, bool forwardIsB)
    {
        (SourceUpper, SourceLower) = forwardIsB ? (key.BUpper, key.BLower) : (key.AUpper, key.ALower);
        (DestinationUpper, DestinationLower) = forwardIsB ? (key.AUpper, key.ALower) : (key.BUpper, key.BLower);
        Version = key.Tail & VersionMask;
        Port = forwardIsB ? key.PortA : key.PortB;
        Service = Port | (key.Tail & (VersionMask | ProtocolMask));
    }

    /// <summary>The ends of a flow's talk.</summary>
    public FlowEnds(in TalkKey talk)
    {
        const int ProtocolShift = 32;
        const int VersionShift = 40;
        (SourceUpper, SourceLower) = (talk.SourceUpper, talk.SourceLower);
        (DestinationUpper, DestinationLower) = (talk.DestinationUpper, talk.DestinationLower);
        Version = (ulong)talk.Version << VersionShift;
        Port = talk.Port;
        Service = Port | ((ulong)talk.Protocol << ProtocolShift) | Version;
    }

    /// <summary>The destination port.</summary>
    public ushort Port { get; }

    // Cells are chosen without a random key: which values share one must be the same in every run.
    public ulong CellOfSource => SplitMix64.Mix(SourceLower ^ SplitMix64.Mix(SourceUpper));

    public ulong CellOfDestination => SplitMix64.Mix(DestinationLower ^ SplitMix64.Mix(DestinationUpper));

    public ulong CellOfService => SplitMix64.Mix(Service);
}
