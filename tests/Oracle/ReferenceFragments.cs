namespace FlowMeter.Tests.Oracle;

/// <summary>What first fragments said, for the later ones of the same packet. Unbounded: nothing is ever pushed out.</summary>
internal sealed class ReferenceFragments
{
    private const long LifetimeNs = 30_000_000_000;

    private readonly Dictionary<Datagram, First> _firsts = [];

    public void Remember(Datagram datagram, First first) => _firsts[datagram] = first;

    /// <summary>The first fragment, if it was captured within 30 s of this time, before or after.</summary>
    public First? Find(Datagram datagram, long timestampNs)
    {
        return _firsts.TryGetValue(datagram, out First first) && Math.Abs(timestampNs - first.TimestampNs) <= LifetimeNs ? first : null;
    }

    /// <summary>A packet that was cut into fragments. Its protocol is the one that every fragment states.</summary>
    internal readonly record struct Datagram(ReferenceAddress Source, ReferenceAddress Destination, byte Protocol, uint Id);

    internal readonly record struct First(
        long TimestampNs, byte Protocol, ushort SourcePort, ushort DestinationPort, ReferencePacket? Inside);
}
