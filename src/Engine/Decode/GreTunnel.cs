using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// GRE (RFC 2784, RFC 2890, RFC 1701's source routes), its version 1 with PPP (RFC 2637, PPTP), and the mirrored frames of ERSPAN
/// (draft-foschiano-erspan).
/// </summary>
internal static unsafe class GreTunnel
{
    private const ushort PointToPoint = 0x880B;
    private const ushort Mirror = 0x88BE;
    private const ushort Mirror3 = 0x22EB;
    private const int MaxRoutes = 16;

    public static DecodeResult Decode(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 4)
        {
            return DecodeResult.Truncated;
        }

        // The upper five bits of the second byte are reserved in version 0; the first of them is an acknowledgement in version 1.
        return (at[1] & 0x07) switch
        {
            0 when (at[1] & 0xF8) == 0 => Version0(at, length, internet, ref headers),
            1 when (at[1] & 0x78) == 0 && (at[0] & 0xEF) == 0x20 => Version1(at, length, internet, ref headers),
            _ => DecodeResult.NonIp,
        };
    }

    private static DecodeResult Version0(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        bool hasRoutes = (at[0] & 0x40) != 0;
        bool hasChecksum = (at[0] & 0x80) != 0 || hasRoutes;
        bool hasKey = (at[0] & 0x20) != 0;
        bool hasSequence = (at[0] & 0x10) != 0;
        uint header = 4u + (hasChecksum ? 4u : 0) + (hasKey ? 4u : 0) + (hasSequence ? 4u : 0);
        if (length < header || (hasRoutes && !TrySkipRoutes(at, length, ref header)))
        {
            return DecodeResult.Truncated;
        }

        ushort type = ReadUInt16(at + 2);
        at += header;
        length -= header;
        return type switch
        {
            // ERSPAN I has no header of its own and no sequence number.
            Mirror => hasSequence ? Mirrored(at, length, internet, ref headers) : Tunnel.Ethernet(at, length, internet, ref headers),
            Mirror3 => Mirrored3(at, length, internet, ref headers),
            PointToPoint => PointToPointFrame.Decode(at, length, internet, ref headers),
            _ => Tunnel.Payload(type, at, length, internet, ref headers),
        };
    }

    /// <summary>Source routes end with one of address family 0 and length 0.</summary>
    private static bool TrySkipRoutes(byte* at, uint length, ref uint header)
    {
        for (int i = 0; i < MaxRoutes && length >= header + 4; i++)
        {
            bool isLast = ReadUInt16(at + header) == 0 && at[header + 3] == 0;
            header += 4u + at[header + 3];
            if (isLast)
            {
                return true;
            }
        }

        return false;
    }

    private static DecodeResult Version1(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte HasSequence = 0x10;
        const byte HasAcknowledgement = 0x80;
        uint header = 8u + ((at[0] & HasSequence) != 0 ? 4u : 0) + ((at[1] & HasAcknowledgement) != 0 ? 4u : 0);

        // The upper half of the key is the payload's length.
        return length < header || (at[0] & HasSequence) == 0 || ReadUInt16(at + 2) != PointToPoint || ReadUInt16(at + 4) == 0
            ? DecodeResult.NonIp
            : PointToPointFrame.Decode(at + header, length - header, internet, ref headers);
    }

    /// <summary>ERSPAN II; devices send III with this type, too.</summary>
    private static DecodeResult Mirrored(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        return (at[0] >> 4) switch
        {
            1 => Tunnel.Ethernet(at + 8, length - 8, internet, ref headers),
            2 => Mirrored3(at, length, internet, ref headers),
            _ => DecodeResult.NonIp,
        };
    }

    private static DecodeResult Mirrored3(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 12 || at[0] >> 4 != 2)
        {
            return DecodeResult.NonIp;
        }

        // The last bit says that a platform subheader follows; the five behind the first of that byte pair, what the payload is. BSO only
        // tells how well the frame was received.
        uint header = (at[11] & 0x01) != 0 ? 20u : 12u;
        if (length < header)
        {
            return DecodeResult.Truncated;
        }

        return ((at[10] >> 2) & 0x1F) switch
        {
            0 => Tunnel.Ethernet(at + header, length - header, internet, ref headers),
            2 => Tunnel.IP(at + header, length - header, long.MaxValue, internet, ref headers),
            _ => DecodeResult.NonIp,
        };
    }
}
