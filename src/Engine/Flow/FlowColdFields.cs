using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>What is written once a flow, or never.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowColdFields
{
    /// <summary>Time of the first packet of the end that did not send the flow's first packet, ns.</summary>
    public long OtherFirst;

    /// <summary>Bits 64 to 95 of endpoint A's sum of squared sizes.</summary>
    public uint SizeSquaresA;

    /// <summary>Bits 64 to 95 of endpoint B's sum of squared sizes.</summary>
    public uint SizeSquaresB;
}
