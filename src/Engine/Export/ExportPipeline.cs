using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>From a block of ended flows to rows: features, scores, sink. Used by one thread at a time.</summary>
internal sealed class ExportPipeline : IDisposable
{
    private readonly FeatureExtractor _extractor;
    private readonly FeatureBlock _features;
    private readonly IFlowSink _sink;

    /// <summary>Sets up a pipeline.</summary>
    /// <param name="profile">The table to make.</param>
    /// <param name="scores">Scores the flows; null: disabled. Becomes the pipeline's.</param>
    /// <param name="sink">Makes the sink of rows that have the features of a block.</param>
    public ExportPipeline(Profile profile, BlockScorer? scores, Func<FeatureBlock, IFlowSink> sink)
    {
        _extractor = profile.CreateExtractor();
        _features = new FeatureBlock(profile.Features.Count);
        Scores = scores;
        _sink = sink(_features);
    }

    /// <summary>What the model said so far; null without one.</summary>
    public BlockScorer? Scores { get; }

    /// <summary>The columns of the table.</summary>
    public static IReadOnlyList<Column> ColumnsOf(Profile profile, Model? model, ExportOptions options) =>
    [
        .. profile.Columns,
        .. model == null ? [] : profile.ColumnsOfModel,
        .. options.HasCommunityId ? [Column.OfCommunityId] : Array.Empty<Column>(),
        .. options.HasConnectionState && !profile.HasConnectionState ? [Column.OfConnectionState] : Array.Empty<Column>(),
        .. options.HasNames ? Column.OfNames : [],
        .. options.Label == null || profile.Columns.Any(column => column.Source == ColumnSource.Label)
            ? Array.Empty<Column>()
            : [Column.OfLabel],
        .. model == null || options.Explain == 0 ? Array.Empty<Column>() : [Column.OfExplanation],
    ];

    /// <summary>Exports a block and empties it.</summary>
    /// <exception cref="OutputException">The rows can not be written.</exception>
    public void Export(FlowRecordBlock records)
    {
        _extractor.Extract(records, _features);
        Scores?.Score(records, _features, _extractor);
        _sink.Write(records, Scores);
        records.ReturnNames();
        records.Count = 0;
    }

    /// <summary>Passes on a flow that does not come out (<see cref="IFlowSink.LeaveOut"/>).</summary>
    public unsafe void LeaveOut(FlowHeader* header, long block, int waiting) => _sink.LeaveOut(header, block, waiting);

    /// <summary>Writes what the sink still holds back.</summary>
    public void Flush() => _sink.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _extractor.Dispose();
        _features.Dispose();
        _sink.Dispose();
    }
}
