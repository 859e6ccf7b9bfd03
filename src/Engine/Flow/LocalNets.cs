using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The networks that <c>--local-net</c> names: where exactly one end of a flow is in one of them, that end is the forward one.
/// </summary>
public sealed class LocalNets
{
    private readonly (byte Version, byte[] Prefix, int Bits)[] _nets;

    /// <summary>Makes the set of <paramref name="nets"/>; it may be empty.</summary>
    public LocalNets(IEnumerable<IPNetwork> nets) =>
        _nets = [.. nets.Select(net => (
            net.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? (byte)4 : (byte)6,
            net.BaseAddress.GetAddressBytes(),
            net.PrefixLength))];

    internal bool IsEmpty => _nets.Length == 0;

    /// <summary>Whether endpoint B is the forward one; null where the nets do not tell.</summary>
    internal bool? IsForwardHigh(in FlowKey key)
    {
        bool low = Contains(key.Version, key.AUpper, key.ALower);
        bool high = Contains(key.Version, key.BUpper, key.BLower);
        return low == high ? null : high;
    }

    private bool Contains(byte version, ulong a, ulong b)
    {
        Span<byte> address = stackalloc byte[16];
        Unsafe.WriteUnaligned(ref address[0], a);
        Unsafe.WriteUnaligned(ref address[8], b);
        ReadOnlySpan<byte> significant = version == 4 ? address[12..] : address;
        foreach ((byte netVersion, byte[] prefix, int bits) in _nets)
        {
            if (netVersion == version && HasPrefix(significant, prefix, bits))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPrefix(ReadOnlySpan<byte> address, ReadOnlySpan<byte> prefix, int bits)
    {
        int bytes = bits / 8;
        int rest = bits % 8;
        return address[..bytes].SequenceEqual(prefix[..bytes])
            && (rest == 0 || ((address[bytes] ^ prefix[bytes]) >> (8 - rest)) == 0);
    }
}
