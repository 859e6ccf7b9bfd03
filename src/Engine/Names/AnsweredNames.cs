namespace FlowMeter.Engine.Names;

/// <summary>
/// Takes the names of addresses that messages tell: answers of DNS, mDNS and LLMNR, hosts that ask for an address by DHCP or register a
/// NetBIOS name. Flows of these addresses that begin later get them.
/// </summary>
internal abstract class AnsweredNames
{
    /// <summary>Takes a name.</summary>
    /// <param name="address">The address as on the wire: 4 or 16 bytes. They hold during the call alone.</param>
    /// <param name="name">The name as it was asked for, at most 255 bytes; labels with dots between. It holds during the call.</param>
    /// <param name="time">When the message was captured, ns since 1970.</param>
    /// <param name="ttl">How long the name is valid by the message, s.</param>
    public abstract void Add(ReadOnlySpan<byte> address, ReadOnlySpan<byte> name, long time, uint ttl);
}
