using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// Says of each flow that ends whether its source is one that scans, sweeps or guesses passwords, by the rules of docs/hosts.md on the
/// flows that ended up to then in the same ten minutes of the clock, or in all of the ten minutes before. It depends on the order of the
/// flows alone. About 52 MB at most: 65,536 sources, 262,144 groups and as many talks; beyond them those not used for longest are
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

    private readonly FlowHash _hash = new();
    private readonly LedgerTable<JudgedSource> _sources;
    private readonly LedgerTable<JudgedGroup> _groups;
    private readonly LedgerTable<JudgedTalk> _talks;
    private readonly Lock? _lock;

    /// <summary>Makes a judge that knows nobody.</summary>
    /// <param name="isShared">Whether several threads use it.</param>
    /// <param name="scale">Divides the sizes of all tables, for tests.</param>
    public HostJudge(bool isShared, int scale = 1)
    {
        _sources = new LedgerTable<JudgedSource>(Sources / scale);
        _groups = new LedgerTable<JudgedGroup>(Groups / scale);
        _talks = new LedgerTable<JudgedTalk>(Talks / scale);
        _lock = isShared ? new Lock() : null;
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

    private bool JudgeAlone(in HostFlow flow)
    {
        EndHashes hashes = new(in _hash, new FlowEnds(flow.Key));

        // All lines are asked for before the first one is waited for.
        _sources.Prefetch(hashes.Source);
        _groups.Prefetch(hashes.Peers);
        _groups.Prefetch(hashes.SourceService);
        _talks.Prefetch(hashes.Pair);
        long source = _sources.Guess(hashes.Source);
        long toHost = _groups.Guess(hashes.Peers);
        long toService = _groups.Guess(hashes.SourceService);
        long talk = _talks.Guess(hashes.Pair, JudgedTalk.Lines);

        JudgedSource* host = _sources.At(_sources.FindOrAdd(hashes.Source, source));
        JudgedTalk* own = _talks.At(_talks.FindOrAdd(hashes.Pair, talk));
        host->MoveTo(IntervalOf(flow.End), Interval);
        own->MoveTo(host->Interval);
        bool isNewTarget = flow.IsFailed && own->Flows.Failed == 0;
        host->Findings += own->Add(in flow)
            + Add(_groups.FindOrAdd(hashes.Peers, toHost), host->Interval, in flow, isNewTarget)
            + Add(_groups.FindOrAdd(hashes.SourceService, toService), host->Interval, in flow, isNewTarget);
        return host->Findings > 0 || host->WasMalicious;
    }

    private int Add(uint group, long interval, in HostFlow flow, bool isNewTarget)
    {
        JudgedGroup* found = _groups.At(group);
        found->MoveTo(interval);
        return found->Add(flow.IsFailed, isNewTarget);
    }
}
