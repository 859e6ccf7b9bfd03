using System.Globalization;
using System.Net;

namespace FlowMeter.Native;

/// <summary>An address of an interface and the network it is in.</summary>
/// <param name="Address">IPv4, or IPv6 with its scope.</param>
/// <param name="PrefixLength">Bits of the netmask, all of the address's where there is no netmask.</param>
public readonly record struct CaptureAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>As in "192.0.2.1/24".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
