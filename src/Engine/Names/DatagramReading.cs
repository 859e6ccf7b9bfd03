namespace FlowMeter.Engine.Names;

/// <summary>
/// The first datagrams of a flow, each by itself: by the port where a protocol has one and its messages could be anything, else by the
/// first bytes.
/// </summary>
internal sealed class DatagramReading(QuicReader quic, TlsReader tls, DnsReader dns, AnsweredNames? answered)
{
    // Datagrams of each direction that are looked at, if none was known: what has a beginning has it first.
    private const int MaxUnknown = 1;

    private const int MaxDtls = 2;

    private readonly DhcpReader _dhcp = new(answered);
    private readonly NetbiosReader _netbios = new(answered);

    /// <summary>Takes a packet.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="end">What is known of the end that sent it.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>Whether later packets of this end matter.</returns>
    public bool Take(in FlowNaming to, ref NamedEnd end, in NamePacket packet)
    {
        if (packet.Length == 0)
        {
            return true;
        }

        end.Packets++;
        if (packet.Payload.IsEmpty)
        {
            return end.Packets < MaxUnknown;
        }

        int limit = TryPort(in to, in packet, packet.DestinationPort);
        limit = limit > 0 ? limit : TryPort(in to, in packet, packet.SourcePort);
        if (limit > 0)
        {
            return end.Packets < limit;
        }

        if (QuicPacket.MayBe(packet.Payload))
        {
            return quic.Take(in to, ref end, in packet);
        }

        if (DtlsReader.MayBe(packet.Payload))
        {
            DtlsReader.Read(in to, packet.Payload, tls);

            // The first ClientHello has no cookie, the second is the same with one.
            return end.Packets < MaxDtls;
        }

        Application application = DatagramSignature.Of(in packet);
        if (application != Application.Unknown)
        {
            to.Is(application);
            if (application == Application.Ssdp)
            {
                HttpReader.ReadDatagram(in to, packet.Payload);
            }

            return false;
        }

        return !SipReader.TryRead(in to, packet.Payload) && end.Packets < MaxUnknown;
    }

    /// <summary>Takes what there is of a message whose rest did not come.</summary>
    public void End(in FlowNaming to, ref NamedEnd end) => quic.End(in to, ref end);

    private int ReadDns(in FlowNaming to, in NamePacket packet, Application application) =>
        dns.TryRead(in to, packet.Payload, packet.IsWhole, application, packet.Time) ? DnsReader.MaxMessages : 0;

    /// <summary>Reads a message of a protocol that is known by its port.</summary>
    /// <returns>Packets of this end that are looked at; 0 where it is something else.</returns>
    private int TryPort(in FlowNaming to, in NamePacket packet, ushort port)
    {
        ReadOnlySpan<byte> bytes = packet.Payload;
        return port switch
        {
            53 => ReadDns(in to, in packet, Application.Dns),
            5353 => ReadDns(in to, in packet, Application.Mdns),
            5355 => ReadDns(in to, in packet, Application.Llmnr),
            67 or 68 => _dhcp.TryRead(in to, bytes, packet.Time) ? StreamReading.MaxPackets : 0,
            137 => _netbios.TryReadName(in to, bytes, packet.Time) ? StreamReading.MaxPackets : 0,
            138 => _netbios.TryReadDatagram(in to, bytes, packet.Time) ? StreamReading.MaxPackets : 0,
            _ => 0,
        };
    }
}
