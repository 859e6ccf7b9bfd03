using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>What a host did before a flow began, in each window of <see cref="Damping.Seconds"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostView
{
    /// <summary>Flows, damped.</summary>
    public fixed float Flows[Damping.Windows];

    /// <summary>The share of them that had no answer yet.</summary>
    public fixed float Unanswered[Damping.Windows];

    /// <summary>The share of them that had fewer than six packets yet.</summary>
    public fixed float Short[Damping.Windows];

    /// <summary>The share of them to the same destination port and protocol.</summary>
    public fixed float SameService[Damping.Windows];

    /// <summary>The share of them with the same host at the other end.</summary>
    public fixed float SamePeer[Damping.Windows];

    /// <summary>Cells hit by hosts at the other end (<see cref="ContactCells"/>).</summary>
    public fixed byte Peers[Damping.Windows];

    /// <summary>Cells hit by destination ports.</summary>
    public fixed byte Ports[Damping.Windows];

    /// <summary>Of a source, whether it began a flow to port 53 in the 5 s before.</summary>
    public bool HasDns;

    /// <summary>Sees an entry whose sums are those of the moment.</summary>
    /// <param name="host">The entry, before the flow is counted.</param>
    /// <param name="service">Flows to the same service, damped.</param>
    /// <param name="peer">Flows with the same peer, damped.</param>
    public void See(HostEntry* host, float* service, float* peer)
    {
        for (int i = 0; i < Damping.Windows; i++)
        {
            float flows = host->Flows[i];
            bool isNone = flows < Damping.Least;
            Flows[i] = isNone ? 0 : flows;
            Unanswered[i] = isNone ? 0 : 1 - Damping.Share(host->Answered[i], flows);
            Short[i] = isNone ? 0 : 1 - Damping.Share(host->Long[i], flows);
            SameService[i] = Damping.Share(service[i], flows);
            SamePeer[i] = Damping.Share(peer[i], flows);
        }

        ushort now = ContactCells.TimeOf(host->Clock);
        fixed (byte* peers = Peers, ports = Ports)
        {
            host->Peers.Count(now, peers);
            host->Ports.Count(now, ports);
        }
    }
}
