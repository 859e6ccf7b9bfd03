using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>What the rules find about a source in an interval (<see cref="HostJudge"/>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct JudgedSource
{
    /// <summary>What the entry is about.</summary>
    [FieldOffset(0)]
    public ulong Hash;

    /// <summary>Rules that apply now.</summary>
    [FieldOffset(16)]
    public int Findings;

    /// <summary>The beginning of the interval, ns.</summary>
    [FieldOffset(8)]
    public long Interval;

    /// <summary>Whether a rule applied at the end of the interval before.</summary>
    [FieldOffset(20)]
    public bool WasMalicious;

    /// <summary>Comes to the interval of a flow that ended.</summary>
    /// <param name="interval">Its beginning, ns.</param>
    /// <param name="length">Its length, ns.</param>
    public void MoveTo(long interval, long length)
    {
        // Flows end a timeout after their last packet, so some of the interval before come late: they count for the present one. What is
        // earlier by more than a day comes from a clock that was wrong.
        const long Day = 86_400_000_000_000;
        if (interval > Interval || interval < Interval - Day)
        {
            WasMalicious = interval - Interval == length && Findings > 0;
            Findings = 0;
            Interval = interval;
        }
    }
}
