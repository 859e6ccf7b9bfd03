using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Hosts;

/// <summary>Flows of a host to one service, or between two hosts, damped: half a cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct ShareEntry
{
    /// <summary>What the entry is about.</summary>
    public ulong Hash;

    /// <summary>The newest start of a flow, ns; means nothing while there is none.</summary>
    public long Clock;

    /// <summary>The sums; a fourth one is not used.</summary>
    public fixed float Flows[Damping.Windows + 1];

    /// <summary>Counts a flow that begins.</summary>
    /// <param name="time">The flow's start, ns.</param>
    /// <returns>The sums before it, at its start.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Take(long time)
    {
        fixed (float* sums = Flows)
        {
            Vector128<float> flows = Vector128.Load(sums);
            if (sums[Damping.Windows - 1] == 0 || time < Clock - Damping.Memory)
            {
                flows = default;
                Clock = time;
            }
            else if (time > Clock)
            {
                flows = Damping.Multiply(flows, Damping.Factors(time - Clock));
                Clock = time;
            }

            (flows + Vector128<float>.One).Store(sums);
            return flows;
        }
    }
}
