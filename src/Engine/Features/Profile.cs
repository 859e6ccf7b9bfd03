using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Features;

/// <summary>
/// A table that FlowMeter makes: its columns, its features, its flow rules, and what it keeps of a flow's packets. A new profile is one
/// more of these; nothing else knows their names.
/// </summary>
public sealed class Profile
{
    /// <summary>Bytes of a packet that names are read from: its headers and the first packets' payload.</summary>
    public const int SnapLengthOfNames = 256 + NamePacket.MaxPayload;

    private readonly Func<FlowWorkerParts, FlowWorker> _worker;
    private readonly Func<FeatureExtractor> _extractor;

    internal Profile(
        string name,
        string summary,
        IReadOnlyList<Column> columns,
        IReadOnlyList<Column> features,
        FlowRules rules,
        long minPackets,
        Func<FlowWorkerParts, FlowWorker> worker,
        Func<FeatureExtractor> extractor)
    {
        Name = name;
        Summary = summary;
        Columns = columns;
        Features = features;
        FeatureNames = [.. features.Select(feature => feature.Name)];
        Rules = rules;
        MinPackets = minPackets;
        _worker = worker;
        _extractor = extractor;
    }

    /// <summary>All profiles, the default one first.</summary>
    public static IReadOnlyList<Profile> All { get; } =
        [
            FlowMeterProfile.Create(), ExtendedProfile.Create(), FullProfile.Create(), CicProfile.Create(), AppFlowProfile.Create(),
            DeepfenceProfile.Create(),
        ];

    /// <summary>What <c>--profile</c> calls it.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Summary { get; }

    /// <summary>Whose table it is compatible with, and what is mended in it; empty where there is nothing to say.</summary>
    public string Notes { get; internal init; } = "";

    /// <summary>The columns of the table, in order; a model's own come after them.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>What a model may take in, in the order of the feature block.</summary>
    public IReadOnlyList<Column> Features { get; }

    /// <summary>The names of <see cref="Features"/>.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>
    /// The number of its first feature as an information element of IPFIX, the others behind it; below 30,000. They are for good, so a
    /// profile whose features begin with those of another has the same.
    /// </summary>
    public ushort FirstElement { get; internal init; } = 1;

    /// <summary>Its flow rules, before options change them.</summary>
    public FlowRules Rules { get; }

    /// <summary>Flows with fewer packets do not come out, unless an option says otherwise.</summary>
    public long MinPackets { get; }

    /// <summary>Bytes of a flow in the profile's own column, a multiple of a cache line; 0 for none.</summary>
    internal int ProfileStateBytes { get; init; }

    /// <summary>Memory of a live flow in bytes, with its place in the index; a history not counted.</summary>
    public int BytesPerFlow => FlowColumns.BytesPerFlow + ProfileStateBytes + HashIndex.MaxBytesPerEntry;

    /// <summary>Whether the state of the connection is one of its columns.</summary>
    internal bool HasConnectionState => Columns.Contains(Column.OfConnectionState);

    /// <summary>Whether every flow has a history of its packets.</summary>
    public bool KeepsHistory { get; internal init; }

    /// <summary>
    /// Whether a flow is seen beside those of its hosts before it, so that flows must begin in the order of their packets.
    /// </summary>
    internal bool LooksBack { get; init; }

    /// <summary>The columns that a model adds behind those of the profile.</summary>
    public IReadOnlyList<Column> ColumnsOfModel => LooksBack ? [.. Column.OfModel, Column.OfVerdictBasis] : Column.OfModel;

    /// <summary>Bytes of a packet that it looks at; null where headers are enough.</summary>
    public int? SnapLength { get; internal init; }

    /// <summary>The profile of this name, or null.</summary>
    public static Profile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>What is kept of a flow beyond the common columns; the workers and the blocks of one metering process share it.</summary>
    /// <param name="options">The bounds of memory.</param>
    /// <param name="isShared">Whether several threads account for flows.</param>
    /// <param name="isJudged">Whether there are verdicts.</param>
    /// <param name="hasState">Whether the states of connections are kept in any profile.</param>
    /// <param name="hasNames">Whether first packets are read for names.</param>
    internal unsafe FlowLayout CreateLayout(
        FlowOptions options, bool isShared, bool isJudged, bool hasState = false, bool hasNames = false) => new(
        ProfileStateBytes,
        KeepsHistory ? new HistoryArena(options.MaxHistory) : null,
        LooksBack ? new HostLedger(isShared) : null,
        LooksBack && isJudged ? new HostJudge(isShared) : null,
        AnnotationBytes: hasNames ? sizeof(FlowAnnotations) : hasState || HasConnectionState ? sizeof(ConnectionTrack) : 0,
        Names: hasNames ? new NameArena(options.MaxNames) : null,
        HostNames: hasNames ? new HostNames(isShared) : null);

    internal FlowWorker CreateWorker(FlowWorkerParts parts) => _worker(parts);

    internal FeatureExtractor CreateExtractor() => _extractor();
}
