using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Metering;

/// <summary>What the rows of a run are made of.</summary>
internal static class RunSchema
{
    /// <summary>The schema of a run's table.</summary>
    public static TableSchema Of(Profile profile, MeteringOptions options, Model? model) => new()
    {
        Profile = profile,
        Model = model,
        Columns = ExportPipeline.ColumnsOf(profile, model, options.Export),
        Metadata = TableMetadata.Of(profile, options.Flow, model),
        Label = options.Export.Label ?? Column.NoLabel,
        Enterprise = options.Export.IpfixEnterprise,
        HasUniflows = options.Export.HasUniflows,
        MaxBatchBytes = options.Export.MaxBatchBytes,
        MaxMessage = options.Export.MaxIpfixMessage,
        MaxExplanation = ExplainerOf(profile, options, model)?.MaxLength ?? 0,
    };

    /// <summary>What explains scores; null where nothing is explained.</summary>
    public static Explainer? ExplainerOf(Profile profile, MeteringOptions options, Model? model) =>
        model == null || options.Export.ExplainedFeatures == 0
            ? null
            : new Explainer(model, profile.FeatureNames, options.Export.ExplainedFeatures);
}
