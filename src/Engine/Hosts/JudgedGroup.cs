using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>The flows of a source to one destination, or to one service of any, in an interval (<see cref="HostJudge"/>): a cache
/// line.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct JudgedGroup
{
    /// <summary>What the entry is about.</summary>
    [FieldOffset(0)]
    public ulong Hash;

    /// <summary>Ports, or hosts, to which a flow failed.</summary>
    [FieldOffset(16)]
    public int Targets;

    /// <summary>The beginning of the interval, ns.</summary>
    [FieldOffset(8)]
    public long Interval;

    /// <summary>Flows.</summary>
    [FieldOffset(24)]
    public long Flows;

    /// <summary>Those of them that failed.</summary>
    [FieldOffset(32)]
    public long Failed;

    /// <summary>Whether they are a scan or a sweep.</summary>
    public readonly bool IsInVain => HostThresholds.IsInVain(Targets, Flows, Failed);

    /// <summary>Begins anew in another interval.</summary>
    public void MoveTo(long interval)
    {
        if (interval != Interval)
        {
            this = new JudgedGroup { Hash = Hash, Interval = interval };
        }
    }

    /// <summary>Adds a flow.</summary>
    /// <param name="isFailed">Whether it failed.</param>
    /// <param name="isNewTarget">Whether it is the first one to its target that failed.</param>
    /// <returns>How the number of findings changes: -1, 0 or 1.</returns>
    public int Add(bool isFailed, bool isNewTarget)
    {
        int before = IsInVain ? 1 : 0;
        Flows++;
        Failed += isFailed ? 1 : 0;
        Targets += isNewTarget ? 1 : 0;
        return (IsInVain ? 1 : 0) - before;
    }
}
