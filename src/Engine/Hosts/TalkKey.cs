namespace FlowMeter.Engine.Hosts;

/// <summary>A source, a destination, and the service of it that the source talks to.</summary>
/// <param name="SourceUpper">The first half of the source's address, as it stands in memory.</param>
/// <param name="SourceLower">The second half.</param>
/// <param name="DestinationUpper">The first half of the destination's address.</param>
/// <param name="DestinationLower">The second half.</param>
/// <param name="Port">The destination port; 0 for protocols without ports.</param>
/// <param name="Protocol">The IANA protocol number.</param>
/// <param name="Version">4 or 6.</param>
internal readonly record struct TalkKey(
    ulong SourceUpper, ulong SourceLower, ulong DestinationUpper, ulong DestinationLower, ushort Port, byte Protocol, byte Version)
{
    /// <summary>The source.</summary>
    public HostAddress Source => new(SourceUpper, SourceLower, Version);

    /// <summary>The destination.</summary>
    public HostAddress Destination => new(DestinationUpper, DestinationLower, Version);

    /// <summary>The service, wherever it is.</summary>
    public (ushort Port, byte Protocol) Service => (Port, Protocol);
}
