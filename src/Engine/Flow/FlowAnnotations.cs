using System.Runtime.InteropServices;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Flow;

/// <summary>What is kept of a flow beside its statistics, where names are asked for: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct FlowAnnotations
{
    /// <summary>What both ends of the connection have come to; first, so that it is where runs without names have it.</summary>
    public ConnectionTrack Connection;

    /// <summary>What the first packets said.</summary>
    public FlowNames Names;

    /// <summary>What the source was called when the flow began; <see cref="HostNames.None"/> where that is not known.</summary>
    public uint SourceName;

    /// <summary>The same of the destination.</summary>
    public uint DestinationName;
}
