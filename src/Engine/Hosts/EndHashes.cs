using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// What the ledger knows a flow's ends by: hashes of 64 bits. Source, destination and service are hashed alone, to two words each; what is
/// about two or three of them has the exclusive or of their words, each kind of other ones (tabulation hashing, Pătrașcu and Thorup 2012).
/// Two different keys are as unlikely to share a hash as two random numbers. The tail of a flow key is not used: only two rounds of AES
/// follow it, so the words of two keys that differ there alone differ in some millions of ways only, and those of an IPv4 address and of
/// the IPv6 address that it is mapped to did.
/// </summary>
internal readonly ref struct EndHashes
{
    // Where an address has its IP version, so that no service is hashed as an address is.
    private const ulong IsService = 1;

    private readonly ulong _sourceOther;
    private readonly ulong _destinationOther;
    private readonly ulong _service;
    private readonly ulong _serviceOther;

    /// <summary>Hashes the ends under a random key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EndHashes(in FlowHash hash, in FlowEnds ends)
    {
        Source = hash.Compute(new FlowKey(ends.SourceUpper, ends.SourceLower, ends.Version, 0, 0), out _sourceOther);
        _destinationOther = hash.Compute(
            new FlowKey(ends.DestinationUpper, ends.DestinationLower, ends.Version, 0, 0), out ulong destination);
        Destination = destination;
        _service = hash.Compute(new FlowKey(0, 0, IsService, ends.Service, 0), out _serviceOther);
    }

    /// <summary>The source, as one.</summary>
    public ulong Source { get; }

    /// <summary>The destination, as one.</summary>
    public ulong Destination { get; }

    /// <summary>Flows of this source to this service.</summary>
    public ulong SourceService => Source ^ _service;

    /// <summary>Flows to this service of this destination.</summary>
    public ulong DestinationService => Destination ^ _serviceOther;

    /// <summary>Flows from this source to this destination.</summary>
    public ulong Peers => _sourceOther ^ _destinationOther;

    /// <summary>Flows from this source to this service of this destination.</summary>
    public ulong Pair => Peers ^ _service;
}
