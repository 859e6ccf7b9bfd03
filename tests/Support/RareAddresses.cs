using System.Net;
using System.Security.Cryptography;

namespace FlowMeter.Tests.Support;

/// <summary>
/// Frames with other addresses, of hosts alone, wherever they stand in a frame: their bytes are as good as random and above 127, so what
/// looks like one of them in an output is one. Checksums stay as they were.
/// </summary>
internal sealed class RareAddresses
{
    private readonly List<(byte[] From, byte[] To)> _pairs;

    /// <summary>Rewrites frames of Ethernet.</summary>
    public RareAddresses(IEnumerable<Frame> frames)
    {
        Frame[] originals = [.. frames];
        _pairs =
        [
            .. originals.SelectMany(frame => AddressForms.OfFrame(frame.Captured)).Distinct().Where(IsOfHost)
                .Select(address => address.GetAddressBytes()).Select(bytes => (bytes, RareOf(bytes))),
        ];
        Frames = [.. originals.Select(frame => frame with { Captured = Rewritten(frame.Captured) })];
    }

    /// <summary>The frames.</summary>
    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>The addresses of hosts that are in them.</summary>
    public IReadOnlyList<IPAddress> Addresses => [.. _pairs.Select(pair => new IPAddress(pair.To))];

    private static bool IsOfHost(IPAddress address) =>
        address.GetAddressBytes() is [(not 0 and < 224), _, _, _] or { Length: 16 } && !address.IsIPv6Multicast
            && !address.Equals(IPAddress.IPv6Any);

    private static byte[] RareOf(byte[] bytes)
    {
        byte[] rare = [.. SHA256.HashData(bytes).Take(bytes.Length).Select(value => (byte)(value | 0x80))];
        rare[0] = bytes.Length == 4 ? (byte)(rare[0] & 0xBF) : (byte)0x24;
        return rare;
    }

    private byte[] Rewritten(byte[] frame)
    {
        byte[] bytes = [.. frame];
        for (int at = 0; at < frame.Length; at++)
        {
            foreach ((byte[] from, byte[] to) in _pairs)
            {
                if (frame.AsSpan(at).StartsWith(from))
                {
                    to.CopyTo(bytes, at);
                }
            }
        }

        return bytes;
    }
}
