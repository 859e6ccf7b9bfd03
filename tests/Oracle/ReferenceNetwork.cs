using System.Globalization;

namespace FlowMeter.Tests.Oracle;

/// <summary>A CIDR block of one address family.</summary>
internal readonly record struct ReferenceNetwork(ReferenceAddress Address, int PrefixLength)
{
    public static ReferenceNetwork Parse(string cidr)
    {
        string[] parts = cidr.Split('/');
        return new ReferenceNetwork(ReferenceAddress.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public bool Contains(ReferenceAddress address)
    {
        int hostBits = (Address.IsIPv6 ? 128 : 32) - PrefixLength;
        // A shift by 128 would shift by 0, and a prefix of 0 contains everything anyway.
        return address.IsIPv6 == Address.IsIPv6 && (hostBits == 128 || (address.Value ^ Address.Value) >> hostBits == 0);
    }
}
