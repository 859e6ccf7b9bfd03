using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>The flows of a source to one service of one destination in an interval (<see cref="HostJudge"/>).</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct JudgedTalk
{
    /// <summary>Cache lines of an entry.</summary>
    public const int Lines = 2;

    /// <summary>What the entry is about.</summary>
    public ulong Hash;

    /// <summary>The beginning of the interval, ns.</summary>
    public long Interval;

    /// <summary>The flows.</summary>
    public Talk Flows;

    /// <summary>Begins anew in another interval.</summary>
    public void MoveTo(long interval)
    {
        if (interval != Interval)
        {
            Interval = interval;
            Flows = default;
        }
    }

    /// <summary>Adds a flow; returns how the number of findings changes: -1, 0 or 1.</summary>
    public int Add(in HostFlow flow)
    {
        int before = HostThresholds.IsGuessing(in Flows) ? 1 : 0;
        Flows.Add(in flow);
        return (HostThresholds.IsGuessing(in Flows) ? 1 : 0) - before;
    }
}
