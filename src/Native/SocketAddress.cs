using System.Net;
using System.Numerics;

namespace FlowMeter.Native;

/// <summary>Reads <c>struct sockaddr</c>, whose family field and family numbers differ by system.</summary>
internal static unsafe class SocketAddress
{
    private const int IPv4Family = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;
    private const int ScopeOffset = 24;

    private static readonly int IPv6Family = OperatingSystem.IsWindows() ? 23 : OperatingSystem.IsMacOS() ? 30 : 10;

    // BSD's sockaddr starts with its length in one byte and the family in the next; elsewhere the family has both.
    private static readonly bool HasLength = OperatingSystem.IsMacOS();

    /// <summary>The address and its prefix.</summary>
    /// <param name="address">A sockaddr of any family, or null.</param>
    /// <param name="netmask">Its netmask, or null.</param>
    /// <param name="result">What they say.</param>
    /// <returns>False for families other than IP: link-layer addresses are in the same list.</returns>
    public static bool TryRead(byte* address, byte* netmask, out CaptureAddress result)
    {
        int family = address is null ? 0 : HasLength ? address[1] : *(ushort*)address;
        if (family == IPv4Family)
        {
            ReadOnlySpan<byte> bytes = new(address + IPv4Offset, 4);
            result = new CaptureAddress(new IPAddress(bytes), PrefixLength(netmask, IPv4Offset, bytes.Length));
            return true;
        }

        if (family == IPv6Family)
        {
            ReadOnlySpan<byte> bytes = new(address + IPv6Offset, 16);
            uint scope = *(uint*)(address + ScopeOffset);
            result = new CaptureAddress(new IPAddress(bytes, scope), PrefixLength(netmask, IPv6Offset, bytes.Length));
            return true;
        }

        result = default;
        return false;
    }

    private static int PrefixLength(byte* netmask, int offset, int width)
    {
        if (netmask is null)
        {
            return width * 8;
        }

        // macOS cuts a netmask's trailing zero bytes off, and leaves its family unset.
        int present = HasLength ? Math.Clamp(netmask[0] - offset, 0, width) : width;
        int bits = 0;
        foreach (byte part in new ReadOnlySpan<byte>(netmask + offset, present))
        {
            bits += BitOperations.PopCount(part);
        }

        return bits;
    }
}
