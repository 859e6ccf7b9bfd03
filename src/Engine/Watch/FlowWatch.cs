using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Watch;

/// <summary>
/// What goes on in a run, for a person who looks: the newest suspicious flows with all that is known of them, who moves the most bytes, and
/// what sources do. Memory is bounded. Exporters tell it of their flows; whoever looks asks from any thread.
/// </summary>
/// <remarks>
/// Suspicious are flows with the verdict malicious, and undecided ones with packets enough for a score. Of a flow that is not, only its
/// volume is added up: no allocation, a few hundred nanoseconds.
/// </remarks>
public sealed class FlowWatch : IFlowObserver
{
    /// <summary>Suspicious flows that are kept.</summary>
    public const int KeptFlows = 2048;

    /// <summary>Suspicious flows that are taken within a second at most, so that a flood of them costs little.</summary>
    public const int FlowsPerSecond = 1024;

    private const int MaxTalks = 1 << 15;
    private const int SecondsOfTalkers = 300;

    private readonly HostTable _hosts;
    private readonly TalkerTable _talkers = new();
    private readonly FlowRing _flows = new(KeptFlows, FlowsPerSecond);
    private readonly Profile _profile;
    private readonly MeteringOptions _options;
    private readonly Model? _model;
    private int _seconds;

    /// <summary>Begins to watch.</summary>
    /// <param name="profile">The profile of the run.</param>
    /// <param name="options">Its options; <see cref="With"/> has made them.</param>
    /// <param name="model">The model that judges the flows; null: nothing is suspicious.</param>
    public FlowWatch(Profile profile, MeteringOptions options, Model? model)
    {
        _profile = profile;
        _options = options;
        _model = model;
        _hosts = new HostTable(output: null, model, options.Flow.Rules.IdleTimeout, MaxTalks);
        Columns = ExportPipeline.ColumnsOf(profile, model, options.Export with { Explain = options.Export.ExplainedFeatures });
    }

    /// <summary>What is known of a kept flow.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Whether flows are judged.</summary>
    public bool HasVerdicts => _model != null;

    /// <summary>Whether flows have names.</summary>
    public bool HasNames => _options.Export.HasNames;

    /// <summary>Grows with every flow that is kept.</summary>
    public long Newest => _flows.Newest;

    /// <summary>Suspicious flows that were not kept, since too many came within a second.</summary>
    public long Passed => _flows.Passed;

    /// <summary>The options of a run that is watched: scores are explained, also where the table has no column for it.</summary>
    public static MeteringOptions With(MeteringOptions options) =>
        options with { Export = options.Export with { ExplainsForWatch = true } };

    /// <inheritdoc/>
    IFlowSink IFlowObserver.Observe(IFlowSink sink, FeatureBlock features) => ((IFlowObserver)_hosts).Observe(
        new FlowWatchSink(sink, features, SchemaOf(), _talkers, _model == null ? null : _flows, _model?.MinPackets ?? 0), features);

    /// <summary>A second has gone by; to be called by a clock.</summary>
    public void Tick()
    {
        _flows.Tick();
        if (++_seconds % SecondsOfTalkers == 0)
        {
            _talkers.BeginInterval();
        }
    }

    /// <summary>Who moved the most bytes in flows that ended within the last five to ten minutes.</summary>
    /// <param name="max">Hosts at most.</param>
    public IReadOnlyList<Talker> Talkers(int max) => _talkers.Top(max);

    /// <summary>What sources do, malicious ones first (<see cref="HostTable.Recent"/>).</summary>
    /// <param name="max">Hosts at most.</param>
    public IReadOnlyList<HostSummary> Hosts(int max) => _hosts.Recent(max);

    /// <summary>Kept flows.</summary>
    public FoundFlows Find(FlowQuery query) => _flows.Find(query);

    /// <summary>A kept flow; null where it has been replaced by newer ones, or there was none.</summary>
    /// <param name="number">Its number.</param>
    public FlowDetail? Detail(long number) => _flows.Detail(number);

    private TableSchema SchemaOf() => RunSchema.Of(_profile, _options, _model) with { Columns = Columns };
}
