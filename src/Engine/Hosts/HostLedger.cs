using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// Remembers what hosts and pairs of hosts did lately, so that a flow can be seen beside those before it. It looks back only: what a flow
/// learns when it begins depends on the flows that began before it, in the order of the packets. About 80 MB at most: 65,536 hosts in
/// each role, 524,288 shares and 262,144 pairs; beyond them those not used for longest are forgotten.
/// </summary>
/// <remarks>
/// For one thread at a time, unless <c>isShared</c>: then a lock admits one after the other, and what concurrent workers tell comes in the
/// order in which they get there.
/// </remarks>
internal sealed unsafe class HostLedger : IDisposable
{
    private const int Hosts = 1 << 17;
    private const int Shares = 1 << 19;
    private const int Pairs = 1 << 18;
    private const ushort DnsPort = 53;

    private readonly FlowHash _hash = new();
    private readonly LedgerTable<HostEntry> _hosts;
    private readonly LedgerTable<ShareEntry> _shares;
    private readonly LedgerTable<PairEntry> _pairs;
    private readonly Lock? _lock;

    /// <summary>Makes an empty ledger.</summary>
    /// <param name="isShared">Whether several threads use it.</param>
    /// <param name="scale">Divides the sizes of all tables, for tests.</param>
    public HostLedger(bool isShared, int scale = 1)
    {
        _hosts = new LedgerTable<HostEntry>(Hosts / scale);
        _shares = new LedgerTable<ShareEntry>(Shares / scale);
        _pairs = new LedgerTable<PairEntry>(Pairs / scale);
        _lock = isShared ? new Lock() : null;
    }

    /// <summary>Tells a flow that begins what came before it, and counts it.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="forwardIsB">Whether endpoint B is the source.</param>
    /// <param name="time">Its start, ns.</param>
    /// <param name="into">Receives what came before.</param>
    public void Begin(in FlowKey key, bool forwardIsB, long time, Neighbours* into)
    {
        _lock?.Enter();
        try
        {
            BeginAlone(in key, forwardIsB, time, into);
        }
        finally
        {
            _lock?.Exit();
        }
    }

    /// <summary>Notes that the second end of a flow has sent its first packet.</summary>
    /// <param name="key">The flow's key.</param>
    /// <param name="forwardIsB">Whether endpoint B is the source.</param>
    /// <param name="start">The flow's start, ns.</param>
    /// <param name="own">What the flow was told when it began.</param>
    public void Answer(in FlowKey key, bool forwardIsB, long start, Neighbours* own) =>
        Note(in key, forwardIsB, start, own, isAnswer: true);

    /// <summary>Notes that a flow has reached six packets.</summary>
    /// <inheritdoc cref="Answer"/>
    public void ReachSix(in FlowKey key, bool forwardIsB, long start, Neighbours* own) =>
        Note(in key, forwardIsB, start, own, isAnswer: false);

    /// <summary>Compares the payload of a flow's first twelve packets with that of the flows before it, and remembers it.</summary>
    /// <param name="key">The flow's key.</param>
    /// <param name="forwardIsB">Whether endpoint B is the source.</param>
    /// <param name="bytes">Their payload.</param>
    /// <param name="own">What the flow was told when it began; receives the share of about the same size.</param>
    public void ReachTwelve(in FlowKey key, bool forwardIsB, ulong bytes, Neighbours* own)
    {
        EndHashes hashes = new(in _hash, new FlowEnds(in key, forwardIsB));
        _lock?.Enter();
        try
        {
            PairEntry* pair = _pairs.AtIf(own->PairEntry, hashes.Pair);
            own->PairSameSize = pair == null ? 0 : pair->ShareOfSize((uint)Math.Min(bytes, uint.MaxValue));
        }
        finally
        {
            _lock?.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hosts.Dispose();
        _shares.Dispose();
        _pairs.Dispose();
    }

    private void BeginAlone(in FlowKey key, bool forwardIsB, long time, Neighbours* into)
    {
        FlowEnds ends = new(in key, forwardIsB);
        EndHashes hashes = new(in _hash, in ends);

        // All lines are asked for before the first one is waited for.
        _hosts.Prefetch(hashes.Source);
        _hosts.Prefetch(hashes.Destination);
        _shares.Prefetch(hashes.SourceService);
        _shares.Prefetch(hashes.DestinationService);
        _shares.Prefetch(hashes.Peers);
        _pairs.Prefetch(hashes.Pair);
        long source = _hosts.Guess(hashes.Source, HostEntry.Lines);
        long destination = _hosts.Guess(hashes.Destination, HostEntry.Lines);
        long sourceService = _shares.Guess(hashes.SourceService);
        long destinationService = _shares.Guess(hashes.DestinationService);
        long peers = _shares.Guess(hashes.Peers);
        long pair = _pairs.Guess(hashes.Pair);

        ulong service = ends.CellOfService;
        Vector128<float> samePeer = Share(hashes.Peers, peers, time);
        into->SourceEntry = _hosts.FindOrAdd(hashes.Source, source);
        HostEntry* host = _hosts.At(into->SourceEntry);
        Vector128<float> sameService = Share(hashes.SourceService, sourceService, time);
        into->SourceLag = host->Take(time, ends.CellOfDestination, service, sameService, samePeer, &into->Source);
        if (ends.Port == DnsPort)
        {
            host->TakeDns(time);
        }

        into->DestinationEntry = _hosts.FindOrAdd(hashes.Destination, destination);
        host = _hosts.At(into->DestinationEntry);
        sameService = Share(hashes.DestinationService, destinationService, time);
        into->DestinationLag = host->Take(time, ends.CellOfSource, service, sameService, samePeer, &into->Destination);

        into->PairEntry = _pairs.FindOrAdd(hashes.Pair, pair);
        PairEntry* flows = _pairs.At(into->PairEntry);
        into->PairGap = flows->Take(time, out into->PairFlows);
        into->PairGapVariation = flows->GapVariation();
        into->PairSameSize = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Share(ulong hash, long guess, long time) => _shares.At(_shares.FindOrAdd(hash, guess))->Take(time);

    private void Note(in FlowKey key, bool forwardIsB, long start, Neighbours* own, bool isAnswer)
    {
        EndHashes hashes = new(in _hash, new FlowEnds(in key, forwardIsB));
        _lock?.Enter();
        try
        {
            HostEntry* source = _hosts.AtIf(own->SourceEntry, hashes.Source);
            if (source != null)
            {
                source->Note(start, own->SourceLag, isAnswer);
            }

            HostEntry* destination = _hosts.AtIf(own->DestinationEntry, hashes.Destination);
            if (destination != null)
            {
                destination->Note(start, own->DestinationLag, isAnswer);
            }
        }
        finally
        {
            _lock?.Exit();
        }
    }
}
