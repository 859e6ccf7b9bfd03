using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// Says of each flow that ends whether its source is one that scans, sweeps or guesses passwords, by the rules of docs/hosts.md on the
/// flows that ended up to then in the same ten minutes of the clock, or in all of the ten minutes before. It depends on the order of the
/// flows alone. About 60 MB at most: 65,536 sources, 262,144 groups and as many talks; beyond them those not used for longest are
/// forgotten.
/// </summary>
/// <remarks>For one thread at a time, unless <c>isShared</c>: then a lock admits one after the other.</remarks>
internal sealed unsafe class HostJudge : IDisposable
{
    /// <summary>An interval, ns.</summary>
    public const long Interval = 600 * CaptureTime.Second;

    private const int Sources = 1 << 16;
    private const int Groups = 1 << 18;
    private const int Talks = 1 << 18;

    // The bits of a key's tail above those of a flow key.
    private const int KindShift = 48;
    private const int VersionShift = 40;
    private const int ProtocolShift = 32;

    private readonly LedgerTable<JudgedSource> _sources;
    private readonly LedgerTable<JudgedGroup> _groups;
    private readonly LedgerTable<JudgedTalk> _talks;
    private readonly Lock? _lock;

    /// <summary>Makes a judge that knows nobody.</summary>
    /// <param name="isShared">Whether several threads use it.</param>
    /// <param name="scale">Divides the sizes of all tables, for tests.</param>
    public HostJudge(bool isShared, int scale = 1)
    {
        FlowHash hash = new();
        _sources = new LedgerTable<JudgedSource>(Sources / scale, hash);
        _groups = new LedgerTable<JudgedGroup>(Groups / scale, hash);
        _talks = new LedgerTable<JudgedTalk>(Talks / scale, hash);
        _lock = isShared ? new Lock() : null;
    }

    private enum Kind : ulong
    {
        Source = 1,
        ToHost,
        ToService,
        Talk,
    }

    /// <summary>The beginning of the interval of a time, ns.</summary>
    public static long IntervalOf(long time) => time - (((time % Interval) + Interval) % Interval);

    /// <summary>Takes a flow that ended; returns whether its source is malicious.</summary>
    public bool Judge(in HostFlow flow)
    {
        _lock?.Enter();
        try
        {
            return JudgeAlone(in flow);
        }
        finally
        {
            _lock?.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sources.Dispose();
        _groups.Dispose();
        _talks.Dispose();
    }

    private static FlowKey Key(Kind kind, TalkKey talk, bool hasDestination, bool hasService) => new(
        talk.SourceUpper, talk.SourceLower, hasDestination ? talk.DestinationUpper : 0, hasDestination ? talk.DestinationLower : 0,
        (hasService ? talk.Port | ((ulong)talk.Protocol << ProtocolShift) : 0) | ((ulong)talk.Version << VersionShift)
            | ((ulong)kind << KindShift));

    private bool JudgeAlone(in HostFlow flow)
    {
        FlowKey source = Key(Kind.Source, flow.Key, hasDestination: false, hasService: false);
        FlowKey toHost = Key(Kind.ToHost, flow.Key, hasDestination: true, hasService: false);
        FlowKey toService = Key(Kind.ToService, flow.Key, hasDestination: false, hasService: true);
        FlowKey talk = Key(Kind.Talk, flow.Key, hasDestination: true, hasService: true);

        // All lines are asked for before the first one is waited for.
        ulong sourceHash = _sources.Hash(in source);
        ulong toHostHash = _groups.Hash(in toHost);
        ulong toServiceHash = _groups.Hash(in toService);
        ulong talkHash = _talks.Hash(in talk);
        _sources.Prefetch(sourceHash);
        _groups.Prefetch(toHostHash);
        _groups.Prefetch(toServiceHash);
        _talks.Prefetch(talkHash);

        JudgedSource* host = _sources.At(_sources.FindOrAdd(in source, sourceHash));
        JudgedTalk* own = _talks.At(_talks.FindOrAdd(in talk, talkHash));
        host->MoveTo(IntervalOf(flow.End), Interval);
        own->MoveTo(host->Interval);
        bool isNewTarget = flow.IsFailed && own->Flows.Failed == 0;
        int change = own->Add(in flow);
        change += Add(_groups.At(_groups.FindOrAdd(in toHost, toHostHash)), host->Interval, in flow, isNewTarget);
        change += Add(_groups.At(_groups.FindOrAdd(in toService, toServiceHash)), host->Interval, in flow, isNewTarget);
        host->Findings += change;
        return host->Findings > 0 || host->WasMalicious;
    }

    private static int Add(JudgedGroup* group, long interval, in HostFlow flow, bool isNewTarget)
    {
        group->MoveTo(interval);
        return group->Add(flow.IsFailed, isNewTarget);
    }
}
