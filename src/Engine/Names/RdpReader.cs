using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>Reads the connection request of Remote Desktop: X.224 in TPKT (MS-RDPBCGR §2.2.1.1, RFC 1006 §6), with a cookie.</summary>
internal static class RdpReader
{
    private const int Header = 11;
    private const int CodeAt = 5;
    private const byte Request = 0xE0;
    private const byte Confirm = 0xD0;

    // Other protocols over the same transport: ISO's own port.
    private const ushort IsoPort = 102;

    /// <summary>Reads a request or the answer to one.</summary>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(in FlowNaming to, ReadOnlySpan<byte> bytes, in NamePacket packet)
    {
        if (bytes.Length < Header || bytes[0] != 3 || bytes[1] != 0 || bytes[CodeAt] is not Request and not Confirm
            || BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) < Header || bytes[4] != BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) - 5
            || packet.SourcePort == IsoPort || packet.DestinationPort == IsoPort)
        {
            return false;
        }

        to.Is(Application.Rdp);
        ReadOnlySpan<byte> cookie = bytes[Header..];
        int end = cookie.IndexOf("\r\n"u8);
        if (cookie.StartsWith("Cookie: "u8) && end > 0)
        {
            to.Add(NameField.RdpCookie, cookie["Cookie: "u8.Length..end]);
        }

        return true;
    }
}
