using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>Finds out what a TCP stream is by its first bytes, and reads it.</summary>
internal sealed class StreamBeginning(TlsReader tls, DnsReader dns)
{
    private const ushort DnsPort = 53;
    private const ushort LlmnrPort = 5355;

    /// <summary>Reads the first bytes of a stream.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="bytes">All bytes from the first one on that are there; at least one.</param>
    /// <param name="packet">The packet that brought the last of them.</param>
    /// <param name="isLast">Whether no more will come: what is there is read.</param>
    public ReadResult Read(in FlowNaming to, ReadOnlySpan<byte> bytes, in NamePacket packet, bool isLast)
    {
        byte first = bytes[0];
        ReadResult result = first is >= 20 and <= 23 ? tls.Read(in to, bytes, isLast)
            : first is >= (byte)'A' and <= (byte)'Z' ? ReadText(in to, bytes, in packet, isLast)
            : ReadBinary(in to, bytes, in packet, isLast);
        if (result != ReadResult.Unknown)
        {
            return result;
        }

        Application application = StreamSignature.Of(bytes, in packet);
        if (application == Application.Unknown)
        {
            return ReadResult.Unknown;
        }

        to.Is(application);
        return ReadResult.Read;
    }

    /// <summary>
    /// Whether a packet behind the beginning, which is no TLS handshake, begins another message that tells names: HTTP in a tunnel through
    /// a proxy, any HTTP where nobody saw the connection begin, or a final answer, which is read at once.
    /// </summary>
    /// <param name="to">Where names go.</param>
    /// <param name="bytes">The packet's payload.</param>
    /// <param name="hasSyn">Whether the stream was seen from its first byte on.</param>
    public static bool BeginsAnew(in FlowNaming to, ReadOnlySpan<byte> bytes, bool hasSyn)
    {
        if (to.Application is Application.Http or Application.HttpProxy)
        {
            HttpReader.ReadFinalStatus(in to, bytes);
        }

        return (to.Application is Application.Socks or Application.HttpConnect || (!hasSyn && to.Application == Application.Unknown))
            && (bytes.StartsWith("HTTP/1."u8) || bytes.StartsWith("SSH-"u8) || HttpReader.MayBeRequest(bytes));
    }

    /// <summary>Whether another protocol, or another answer, may follow in a stream whose beginning was read.</summary>
    public static bool GoesOn(in FlowNaming to) => to.Application switch
    {
        Application.Tls or Application.Ssh or Application.BitTorrent or Application.Smb23 or Application.Bgp => false,
        Application.Http or Application.HttpProxy => HttpReader.IsProvisional(to[NameField.HttpStatus]),
        _ => true,
    };

    private static ReadResult ReadText(in FlowNaming to, ReadOnlySpan<byte> bytes, in NamePacket packet, bool isLast)
    {
        if (bytes[0] == 'H' && Begins(bytes, "HTTP/1."u8))
        {
            return HttpReader.ReadAnswer(in to, bytes);
        }

        if (bytes[0] == 'S' && Begins(bytes, "SSH-"u8))
        {
            return bytes.Length < 4 ? ReadResult.More : SshReader.Read(in to, bytes, packet.IsForward, isLast);
        }

        return SipReader.TryRead(in to, bytes) ? ReadResult.Read
            : HttpReader.MayBeRequest(bytes) ? HttpReader.ReadRequest(in to, bytes, isLast)
            : ReadResult.Unknown;
    }

    private ReadResult ReadBinary(in FlowNaming to, ReadOnlySpan<byte> bytes, in NamePacket packet, bool isLast)
    {
        if (SmbReader.MayBe(bytes))
        {
            SmbReader.Read(in to, bytes);
            return ReadResult.Read;
        }

        if (bytes[0] == 3)
        {
            return RdpReader.TryRead(in to, bytes, in packet) ? ReadResult.Read : ReadResult.Unknown;
        }

        return packet.SourcePort == DnsPort || packet.DestinationPort == DnsPort ? ReadDns(in to, bytes, in packet, Application.Dns, isLast)
            : packet.SourcePort == LlmnrPort || packet.DestinationPort == LlmnrPort
                ? ReadDns(in to, bytes, in packet, Application.Llmnr, isLast)
            : ReadResult.Unknown;
    }

    /// <summary>A message behind its length (RFC 1035 §4.2.2).</summary>
    private ReadResult ReadDns(in FlowNaming to, ReadOnlySpan<byte> bytes, in NamePacket packet, Application application, bool isLast)
    {
        const int Length = sizeof(ushort);
        if (bytes.Length < Length)
        {
            return ReadResult.More;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (length < DnsHeader.Length)
        {
            return ReadResult.Unknown;
        }

        if (bytes.Length - Length < length && !isLast && length <= StreamHead.Capacity - Length)
        {
            return ReadResult.More;
        }

        ReadOnlySpan<byte> message = bytes.Slice(Length, Math.Min(length, bytes.Length - Length));
        bool isWhole = message.Length == length;
        return dns.TryRead(in to, message, isWhole, application, packet.Time) ? ReadResult.Read : ReadResult.Unknown;
    }

    /// <summary>Whether bytes begin with a word, as far as they go.</summary>
    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word) =>
        bytes.Length < word.Length ? word.StartsWith(bytes) : bytes.StartsWith(word);
}
