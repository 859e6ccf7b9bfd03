using System.Runtime.InteropServices;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Flow;

/// <summary>What profile <c>full</c> keeps of a flow in its own column: twelve cache lines.</summary>
[StructLayout(LayoutKind.Sequential, Size = 768)]
internal struct FlowContent
{
    /// <summary>What profile <c>extended</c> keeps, at first.</summary>
    public PayloadSums Payloads;

    /// <summary>Turns, gaps and sizes of data packets.</summary>
    public DataPackets Data;

    /// <summary>What endpoint A began with.</summary>
    public FirstPayload FirstOfA;

    /// <summary>What endpoint B began with.</summary>
    public FirstPayload FirstOfB;

    /// <summary>What its hosts did before.</summary>
    public Neighbours Neighbours;

    /// <summary>Whether its source was found malicious when the flow ended (<see cref="HostJudge"/>).</summary>
    public bool SourceIsMalicious;
}
