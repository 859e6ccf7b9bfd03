using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>From a block of ended flows to rows: features, judgements, sink. Used by one thread at a time.</summary>
internal sealed class ExportLane : IDisposable
{
    private readonly FeatureExtractor _extractor;
    private readonly FeatureBlock _features;
    private readonly IFlowSink _sink;
    private readonly FlowJournal? _journal;

    /// <summary>Sets up a lane; with no output the rows go to the given sink of a block's features, or nowhere.</summary>
    public ExportLane(Profile profile, Model? model, RowOutput? output, MeteringOptions options, Func<FeatureBlock, IFlowSink>? sink = null)
    {
        _journal = options.Journal;
        _extractor = profile.CreateExtractor();
        _features = new FeatureBlock(profile.Features.Count);
        Judgements = model == null ? null : new Judgements(model, new Scorer(model, profile.FeatureNames), options.DecideAfter != null);
        _sink = sink != null ? sink(_features)
            : output == null ? new NullSink()
            : new CsvSink(output, ColumnsOf(profile, model, options), _features, options.Label ?? Column.NoLabel);
    }

    /// <summary>What the model said so far; null without one.</summary>
    public Judgements? Judgements { get; }

    /// <summary>The columns of the table.</summary>
    public static IReadOnlyList<Column> ColumnsOf(Profile profile, Model? model, MeteringOptions options) =>
    [
        .. profile.Columns,
        .. model == null ? [] : Column.OfModel,
        .. options.HasCommunityId ? [Column.OfCommunityId] : Array.Empty<Column>(),
        .. options.Label == null || profile.Columns.Any(column => column.Source == ColumnSource.Label) ? Array.Empty<Column>() : [Column.OfLabel],
    ];

    /// <summary>Exports a block and empties it.</summary>
    /// <exception cref="OutputException">The rows can not be written.</exception>
    public void Export(FlowRecords records)
    {
        _extractor.Extract(records, _features);
        Judgements?.Judge(records, _features, _extractor);
        _sink.Write(records, Judgements);
        if (_journal != null)
        {
            Note(_journal, records);
        }

        records.Count = 0;
    }

    /// <summary>Where in its worker's sequence a flow ended, by its block and its place there; the numbers between two flows are for one that did not come out.</summary>
    internal static long OrderOf(long block, int index) => (((block * (FlowRecords.Capacity + 1)) + index) * 2) + 1;

    private unsafe void Note(FlowJournal journal, FlowRecords records)
    {
        for (int i = 0; i < records.Count; i++)
        {
            journal.Add(records.Identity(i), OrderOf(records.Number, i), Judgements?.VerdictOf(i), Judgements?.Probability(i) ?? 0);
        }
    }

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
