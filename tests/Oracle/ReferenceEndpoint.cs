namespace FlowMeter.Tests.Oracle;

/// <summary>An address and a port.</summary>
internal readonly record struct ReferenceEndpoint(ReferenceAddress Address, ushort Port) : IComparable<ReferenceEndpoint>
{
    public int CompareTo(ReferenceEndpoint other)
    {
        int byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : Port.CompareTo(other.Port);
    }
}
