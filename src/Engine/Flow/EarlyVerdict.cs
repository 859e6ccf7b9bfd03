using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>The score and verdict of a flow at its decision point. 32 bytes, so that none lies in two cache lines.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct EarlyVerdict
{
    /// <summary>The probability of malicious.</summary>
    public double Score;

    /// <summary>Bytes on the wire of the flow's packets up to then.</summary>
    public ulong Bytes;

    /// <summary>
    /// Packets of the flow, counted up to the decision point and no further. Where flows have ended: those it was decided after, 0 if it
    /// was not.
    /// </summary>
    public uint Packets;

    /// <summary>The verdict.</summary>
    public Verdict Verdict;

    /// <summary>Whether the flow is still to be scored, at the end of this window.</summary>
    public bool IsPending;

    /// <summary>Its place among the flows that are still to be scored.</summary>
    public byte Place;
}
