using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Queries;

/// <summary>What is summed up of the flows of a group. Exact: 128 bits hold the sum of all 64-bit numbers that a table can have.</summary>
internal struct GroupSums
{
    /// <summary>Flows.</summary>
    public long Flows;

    /// <summary>Flows with the verdict malicious.</summary>
    public long Malicious;

    /// <summary>The first time that any of them began, nanoseconds since the epoch; <see cref="long.MaxValue"/> for none.</summary>
    public long FirstTime;

    /// <summary>The newest time of any of them; <see cref="long.MinValue"/> for none.</summary>
    public long LastTime;

    /// <summary>Packets.</summary>
    public UInt128 Packets;

    /// <summary>Bytes.</summary>
    public UInt128 Bytes;

    /// <summary>Bytes from the forward ends.</summary>
    public UInt128 ForwardBytes;

    /// <summary>Bytes from the other ends.</summary>
    public UInt128 BackwardBytes;

    /// <summary>The sums of no flow.</summary>
    public static GroupSums Empty => new() { FirstTime = long.MaxValue, LastTime = long.MinValue };

    /// <summary>Adds the sums of other flows.</summary>
    public void Add(in GroupSums other)
    {
        Flows += other.Flows;
        Malicious += other.Malicious;
        FirstTime = Math.Min(FirstTime, other.FirstTime);
        LastTime = Math.Max(LastTime, other.LastTime);
        Packets += other.Packets;
        Bytes += other.Bytes;
        ForwardBytes += other.ForwardBytes;
        BackwardBytes += other.BackwardBytes;
    }

    /// <summary>Whether a verdict as a table has it counts.</summary>
    public static bool IsMalicious(ReadOnlySpan<byte> verdict) => VerdictText.Parse(verdict) == Verdict.Malicious;
}
