using System.Text;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Hosts;

/// <summary>The address of a host, as it stands in memory; an IPv4 address in its mapped place.</summary>
/// <param name="Upper">The first eight bytes.</param>
/// <param name="Lower">The last eight.</param>
/// <param name="Version">4 or 6.</param>
internal readonly record struct HostAddress(ulong Upper, ulong Lower, byte Version)
{
    /// <summary>RFC 5952, or dotted decimals.</summary>
    public override unsafe string ToString()
    {
        byte* bytes = stackalloc byte[16];
        *(ulong*)bytes = Upper;
        *(ulong*)(bytes + 8) = Lower;
        byte* text = stackalloc byte[AddressText.MaxLength];
        byte* end = Version == 4 ? AddressText.WriteV4(text, bytes + 12) : AddressText.WriteV6(text, bytes);
        return Encoding.ASCII.GetString(text, (int)(end - text));
    }
}
