using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>Flows of a host to one service, or between two hosts, damped: one cache line.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct ShareEntry
{
    /// <summary>Only its first 44 bytes are the header's.</summary>
    [FieldOffset(0)]
    public LedgerHeader Header;

    [FieldOffset(44)]
    public fixed float Flows[Damping.Windows];

    /// <summary>The newest start of a flow, ns; means nothing while there is none.</summary>
    [FieldOffset(56)]
    public long Clock;

    /// <summary>Brings the sums to the start of a flow, copies them, and counts the flow.</summary>
    /// <param name="time">The flow's start, ns.</param>
    /// <param name="before">Receives the sums before it.</param>
    public void Take(long time, float* before)
    {
        if (Flows[0] == 0 && Flows[Damping.Windows - 1] == 0)
        {
            Clock = time;
        }
        else if (time < Clock - Damping.Memory)
        {
            Flows[0] = 0;
            Flows[1] = 0;
            Flows[2] = 0;
            Clock = time;
        }
        else if (time > Clock)
        {
            double* factors = stackalloc double[Damping.Lanes];
            Damping.Factors(time - Clock, factors);
            fixed (float* flows = Flows)
            {
                Damping.Multiply(flows, factors);
            }

            Clock = time;
        }

        for (int i = 0; i < Damping.Windows; i++)
        {
            before[i] = Flows[i];
            Flows[i]++;
        }
    }
}
