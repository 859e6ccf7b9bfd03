using System.Runtime.InteropServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// Remembers the ports of first fragments, so that later ones join their flow (SPEC §1): by source, destination, protocol and IP id, for 30
/// s of packet time. Memory is bounded: sets of four, of which the oldest gives way. Allocated when the first fragment comes. Workers share
/// one table and take the fragments in the capture's order: otherwise a later fragment could miss the first one.
/// </summary>
internal sealed unsafe class FragmentTable(FlowHash hash) : IDisposable
{
    private const int Ways = 4;
    private const int Sets = 4096;
    private const long Lifetime = 30 * CaptureTime.Second;

    private readonly FlowHash _hash = hash;
    private NativeColumn<Entry>? _entries;
    private long _remembered;

    // The ends of the flows inside tunnels, in the places of the entries; allocated when the first fragment of a tunnel comes.
    private NativeColumn<Ends>? _ends;

    /// <summary>Keeps the ports and the protocol of a first fragment, and the addresses where they are not its own.</summary>
    /// <param name="datagram">The addresses of the packet that was cut.</param>
    /// <param name="flow">What its first fragment was metered by.</param>
    /// <param name="isTunnel">Whether that is a packet inside.</param>
    /// <param name="protocol">The protocol that its IP header states; in IPv6 an extension header may still follow.</param>
    /// <param name="id">The IP identification.</param>
    /// <param name="time">When it came.</param>
    public void Remember(in PacketHeaders datagram, in PacketHeaders flow, bool isTunnel, byte protocol, uint id, long time)
    {
        _entries ??= new NativeColumn<Entry>(Sets * Ways);
        Entry* set = Set(_entries, in datagram, protocol, id);
        Entry* chosen = set;
        for (Entry* entry = set; entry < set + Ways; entry++)
        {
            if (entry->IsOf(in datagram, protocol, id))
            {
                chosen = entry;
                break;
            }

            if (entry->Version == 0 || (chosen->Version != 0 && entry->Number < chosen->Number))
            {
                chosen = entry;
            }
        }

        *chosen = new Entry
        {
            SourceUpper = datagram.SourceUpper,
            SourceLower = datagram.SourceLower,
            DestinationUpper = datagram.DestinationUpper,
            DestinationLower = datagram.DestinationLower,
            Time = time,
            Number = ++_remembered,
            Id = id,
            SourcePort = flow.SourcePort,
            DestinationPort = flow.DestinationPort,
            StatedProtocol = protocol,
            Protocol = flow.Protocol,
            Version = datagram.Version,
            IsTunnel = isTunnel,
        };
        if (isTunnel)
        {
            _ends ??= new NativeColumn<Ends>(Sets * Ways);
            _ends.First[chosen - _entries.First] = new Ends
            {
                SourceUpper = flow.SourceUpper,
                SourceLower = flow.SourceLower,
                DestinationUpper = flow.DestinationUpper,
                DestinationLower = flow.DestinationLower,
                Version = flow.Version,
            };
        }
    }

    /// <summary>
    /// Gives a later fragment the ports and the protocol of its first one, if that is known; the addresses, too, where that was a tunnel's,
    /// whose inner packet has stated all its payload already.
    /// </summary>
    public void Recall(ref PacketHeaders headers, byte protocol, uint id, long time)
    {
        if (_entries == null)
        {
            return;
        }

        Entry* set = Set(_entries, in headers, protocol, id);
        for (Entry* entry = set; entry < set + Ways; entry++)
        {
            if (entry->IsOf(in headers, protocol, id) && Math.Abs(time - entry->Time) <= Lifetime)
            {
                headers.SourcePort = entry->SourcePort;
                headers.DestinationPort = entry->DestinationPort;
                headers.Protocol = entry->Protocol;
                if (entry->IsTunnel)
                {
                    Enter(in _ends!.First[entry - _entries.First], ref headers);
                }

                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries?.Dispose();
        _ends?.Dispose();
    }

    private static void Enter(in Ends ends, ref PacketHeaders headers)
    {
        headers.SourceUpper = ends.SourceUpper;
        headers.SourceLower = ends.SourceLower;
        headers.DestinationUpper = ends.DestinationUpper;
        headers.DestinationLower = ends.DestinationLower;
        headers.Version = ends.Version;
        headers.Payload = default;
        headers.Place = default;
    }

    private Entry* Set(NativeColumn<Entry> entries, in PacketHeaders headers, byte protocol, uint id)
    {
        FlowKey key = new(
            headers.SourceUpper, headers.SourceLower, headers.DestinationUpper, headers.DestinationLower, id | ((ulong)protocol << 32));
        return entries.First + ((long)(_hash.Compute(in key) % Sets) * Ways);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ulong SourceUpper;
        public ulong SourceLower;
        public ulong DestinationUpper;
        public ulong DestinationLower;
        public long Time;
        public long Number;
        public uint Id;
        public ushort SourcePort;
        public ushort DestinationPort;
        public byte StatedProtocol;
        public byte Protocol;
        public byte Version;
        public bool IsTunnel;

        public readonly bool IsOf(in PacketHeaders headers, byte protocol, uint id) =>
            Version == headers.Version && Id == id && StatedProtocol == protocol
            && SourceUpper == headers.SourceUpper && SourceLower == headers.SourceLower
            && DestinationUpper == headers.DestinationUpper && DestinationLower == headers.DestinationLower;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Ends
    {
        public ulong SourceUpper;
        public ulong SourceLower;
        public ulong DestinationUpper;
        public ulong DestinationLower;
        public byte Version;
    }
}
