using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>What a host did lately in one role, as the source or as the destination of flows: four cache lines.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal unsafe struct HostEntry
{
    [FieldOffset(0)]
    public LedgerHeader Header;

    /// <summary>The newest start of a flow, ns: what all sums are valued at.</summary>
    [FieldOffset(48)]
    public long Clock;

    /// <summary>When old cells were last emptied, ns.</summary>
    [FieldOffset(56)]
    public long Purged;

    /// <summary>The newest start of a flow to port 53, ns.</summary>
    [FieldOffset(64)]
    public long Dns;

    /// <summary>Whether <see cref="Dns"/> is one.</summary>
    [FieldOffset(72)]
    public bool HasDns;

    /// <summary>Whether there was a flow.</summary>
    [FieldOffset(73)]
    public bool HasFlows;

    /// <summary>Flows, damped.</summary>
    [FieldOffset(80)]
    public fixed float Flows[Damping.Lanes];

    /// <summary>Those of them that were answered so far.</summary>
    [FieldOffset(96)]
    public fixed float Answered[Damping.Lanes];

    /// <summary>Those of them that reached six packets so far.</summary>
    [FieldOffset(112)]
    public fixed float Long[Damping.Lanes];

    /// <summary>The hosts at the other end.</summary>
    [FieldOffset(128)]
    public ContactCells Peers;

    /// <summary>The destination ports, with their protocols.</summary>
    [FieldOffset(192)]
    public ContactCells Ports;

    /// <summary>Brings all sums to the start of a flow that begins.</summary>
    public void MoveTo(long time)
    {
        if (HasFlows && time < Clock - Damping.Memory)
        {
            // One wrong time stamp in the future must not freeze the sums.
            this = new HostEntry { Header = Header };
        }

        if (!HasFlows)
        {
            HasFlows = true;
            Clock = time;
            Purged = time;
            return;
        }

        if (time <= Clock)
        {
            return;
        }

        long passed = time - Clock;
        double* factors = stackalloc double[Damping.Lanes];
        Damping.Factors(passed, factors);
        fixed (float* flows = Flows, answered = Answered, beyond = Long)
        {
            Damping.Multiply(flows, factors);
            Damping.Multiply(answered, factors);
            Damping.Multiply(beyond, factors);
        }

        Clock = time;
        if (passed > Damping.Memory)
        {
            Peers = default;
            Ports = default;
            Purged = time;
        }
        else if (time - Purged > Damping.Memory)
        {
            ushort now = ContactCells.TimeOf(time);
            Peers.Purge(now);
            Ports.Purge(now);
            Purged = time;
        }
    }

    /// <summary>Counts a flow that begins now.</summary>
    public void Add(ulong peer, ulong port)
    {
        for (int i = 0; i < Damping.Windows; i++)
        {
            Flows[i]++;
        }

        ushort now = ContactCells.TimeOf(Clock);
        Peers.Mark(peer, now);
        Ports.Mark(port, now);
    }
}
