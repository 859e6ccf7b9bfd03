using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// Remembers what hosts and pairs of hosts did lately, so that a flow can be seen beside those before it. It looks back only: what a flow
/// learns when it begins depends on the flows that began before it, in the order of the packets. About 100 MB at most: 65,536 hosts in
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
    private const long DnsMemory = 5 * CaptureTime.Second;
    private const ushort DnsPort = 53;

    // The bits of a key's tail above those of a flow key.
    private const int KindShift = 48;
    private const ulong VersionMask = 0xFF_00_0000_0000UL;
    private const ulong ProtocolMask = 0x00_FF_0000_0000UL;

    private readonly LedgerTable<HostEntry> _hosts;
    private readonly LedgerTable<ShareEntry> _shares;
    private readonly LedgerTable<PairEntry> _pairs;
    private readonly Lock? _lock;

    /// <summary>Makes an empty ledger.</summary>
    /// <param name="isShared">Whether several threads use it.</param>
    /// <param name="scale">Divides the sizes of all tables, for tests.</param>
    public HostLedger(bool isShared, int scale = 1)
    {
        FlowHash hash = new();
        _hosts = new LedgerTable<HostEntry>(Hosts / scale, hash);
        _shares = new LedgerTable<ShareEntry>(Shares / scale, hash);
        _pairs = new LedgerTable<PairEntry>(Pairs / scale, hash);
        _lock = isShared ? new Lock() : null;
    }

    private enum Kind : ulong
    {
        Source = 1,
        Destination,
        SourceService,
        DestinationService,
        Peers,
        Pair,
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
        _lock?.Enter();
        try
        {
            PairEntry* pair = _pairs.AtIf(own->PairEntry, new Ends(in key, forwardIsB).Pair);
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

    private static FlowKey Key(Kind kind, ulong tail, ulong upper, ulong lower, ulong otherUpper = 0, ulong otherLower = 0) =>
        new(upper, lower, otherUpper, otherLower, tail | ((ulong)kind << KindShift));

    private void BeginAlone(in FlowKey key, bool forwardIsB, long time, Neighbours* into)
    {
        Ends ends = new(in key, forwardIsB);
        FlowKey source = ends.Source;
        FlowKey destination = ends.Destination;
        FlowKey sourceService = Key(Kind.SourceService, ends.Service, ends.SourceUpper, ends.SourceLower);
        FlowKey destinationService = Key(Kind.DestinationService, ends.Service, ends.DestinationUpper, ends.DestinationLower);
        FlowKey peers = Key(
            Kind.Peers, ends.Version, ends.SourceUpper, ends.SourceLower, ends.DestinationUpper, ends.DestinationLower);
        FlowKey pair = ends.Pair;

        // All lines are asked for before the first one is waited for.
        ulong sourceHash = _hosts.Hash(in source);
        ulong destinationHash = _hosts.Hash(in destination);
        ulong sourceServiceHash = _shares.Hash(in sourceService);
        ulong destinationServiceHash = _shares.Hash(in destinationService);
        ulong peersHash = _shares.Hash(in peers);
        ulong pairHash = _pairs.Hash(in pair);
        _hosts.Prefetch(sourceHash);
        _hosts.Prefetch(destinationHash);
        _shares.Prefetch(sourceServiceHash);
        _shares.Prefetch(destinationServiceHash);
        _shares.Prefetch(peersHash);
        _pairs.Prefetch(pairHash);

        float* service = stackalloc float[Damping.Windows];
        float* peer = stackalloc float[Damping.Windows];
        _shares.At(_shares.FindOrAdd(in peers, peersHash))->Take(time, peer);
        into->SourceEntry = _hosts.FindOrAdd(in source, sourceHash);
        HostEntry* host = _hosts.At(into->SourceEntry);
        host->MoveTo(time);
        _shares.At(_shares.FindOrAdd(in sourceService, sourceServiceHash))->Take(time, service);
        into->Source.See(host, service, peer);
        into->Source.HasDns = host->HasDns && time - host->Dns <= DnsMemory;
        into->SourceLag = LagOf(host, time);
        host->Add(ends.HashOfDestination, ends.HashOfService);
        if (ends.Port == DnsPort)
        {
            host->Dns = time;
            host->HasDns = true;
        }

        into->DestinationEntry = _hosts.FindOrAdd(in destination, destinationHash);
        host = _hosts.At(into->DestinationEntry);
        host->MoveTo(time);
        _shares.At(_shares.FindOrAdd(in destinationService, destinationServiceHash))->Take(time, service);
        into->Destination.See(host, service, peer);
        into->DestinationLag = LagOf(host, time);
        host->Add(ends.HashOfSource, ends.HashOfService);

        into->PairEntry = _pairs.FindOrAdd(in pair, pairHash);
        PairEntry* flows = _pairs.At(into->PairEntry);
        into->PairGap = flows->Take(time, out into->PairFlows);
        into->PairGapVariation = flows->GapVariation();
        into->PairSameSize = 0;
    }

    private void Note(in FlowKey key, bool forwardIsB, long start, Neighbours* own, bool isAnswer)
    {
        _lock?.Enter();
        try
        {
            Ends ends = new(in key, forwardIsB);
            Note(_hosts.AtIf(own->SourceEntry, ends.Source), start, own->SourceLag, isAnswer);
            Note(_hosts.AtIf(own->DestinationEntry, ends.Destination), start, own->DestinationLag, isAnswer);
        }
        finally
        {
            _lock?.Exit();
        }
    }

    private static float LagOf(HostEntry* host, long time) => (float)((host->Clock - time) / (double)CaptureTime.Second);

    /// <summary>
    /// Adds what the flow counts for by now: as of when it was counted, which is later than its start where times run backwards.
    /// </summary>
    private static void Note(HostEntry* host, long start, float lag, bool isAnswer)
    {
        // Where the sums began anew since, the clock is behind the flow, and it is in none of them. A lag is exact to less than this.
        const long Exactness = CaptureTime.Second / 1000;
        long age = host == null ? long.MinValue : host->Clock - start - (long)((double)lag * CaptureTime.Second);
        if (age >= -Exactness)
        {
            double* factors = stackalloc double[Damping.Lanes];
            Damping.Factors(Math.Max(age, 0), factors);
            Damping.Add(isAnswer ? host->Answered : host->Long, factors);
        }
    }

    /// <summary>The two ends of a flow as keys of the ledger.</summary>
    private readonly ref struct Ends
    {
        public readonly ulong SourceUpper;
        public readonly ulong SourceLower;
        public readonly ulong DestinationUpper;
        public readonly ulong DestinationLower;
        public readonly ulong Version;

        /// <summary>Destination port, protocol and IP version.</summary>
        public readonly ulong Service;

        public Ends(in FlowKey key, bool forwardIsB)
        {
            (SourceUpper, SourceLower) = forwardIsB ? (key.BUpper, key.BLower) : (key.AUpper, key.ALower);
            (DestinationUpper, DestinationLower) = forwardIsB ? (key.AUpper, key.ALower) : (key.BUpper, key.BLower);
            Version = key.Tail & VersionMask;
            Port = forwardIsB ? key.PortA : key.PortB;
            Service = Port | (key.Tail & (VersionMask | ProtocolMask));
        }

        public ushort Port { get; }

        public FlowKey Source => Key(Kind.Source, Version, SourceUpper, SourceLower);

        public FlowKey Destination => Key(Kind.Destination, Version, DestinationUpper, DestinationLower);

        public FlowKey Pair => Key(Kind.Pair, Service, SourceUpper, SourceLower, DestinationUpper, DestinationLower);

        // Without a random key: which values share a cell must be the same in every run.
        public ulong HashOfSource => SplitMix64.Mix(SourceLower ^ SplitMix64.Mix(SourceUpper));

        public ulong HashOfDestination => SplitMix64.Mix(DestinationLower ^ SplitMix64.Mix(DestinationUpper));

        public ulong HashOfService => SplitMix64.Mix(Service);
    }
}
