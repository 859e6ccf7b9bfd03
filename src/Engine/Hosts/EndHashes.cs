using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// What the ledger knows a flow's ends by: hashes of 64 bits. Source, destination and service are hashed alone, to two words each; what is
/// about two or three of them has the exclusive or of their words, each kind of other ones (tabulation hashing, Pătrașcu and Thorup 2012).
/// Two different keys are as unlikely to share a hash as two random numbers.
/// </summary>
internal readonly ref struct EndHashes
{
    // Where a flow key has an address, so that no service is hashed as an address is.
    private const ulong IsService = 1;

    private readonly ulong _sourceOther;
    private readonly ulong _destinationOther;
    private readonly ulong _service;
    private readonly ulong _serviceOther;

    /// <summary>Hashes the ends under a random key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EndHashes(in FlowHash hash, in FlowEnds ends)
    {
        Source = hash.Compute(new FlowKey(ends.SourceUpper, ends.SourceLower, 0, 0, ends.Version), out _sourceOther);
        _destinationOther = hash.Compute(
            new FlowKey(ends.DestinationUpper, ends.DestinationLower, 0, 0, ends.Version), out ulong destination);
        Destination = destination;
        _service = hash.Compute(new FlowKey(0, 0, 0, IsService, ends.Service), out _serviceOther);
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
