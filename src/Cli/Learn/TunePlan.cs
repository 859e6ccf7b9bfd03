using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Training;

namespace FlowMeter.Cli.Learn;

/// <summary>What a run of <c>flowmeter tune</c> is to do, made and checked before any capture is opened.</summary>
/// <param name="Metering">How captures are metered: the flows that the model judges, at its decision point.</param>
/// <param name="Model">The model to fit.</param>
/// <param name="Options">What to make of it.</param>
internal sealed record TunePlan(MeteringPlan Metering, Model Model, TuningOptions Options)
{
    /// <summary>Makes a plan.</summary>
    /// <exception cref="UsageException">What was typed does not fit together.</exception>
    /// <exception cref="ModelException">The model can not be read.</exception>
    public static TunePlan From(TuneChoices choices)
    {
        MeteringPlan plan = MeteringPlan.From(
            choices.Data.Metering with { ModelPath = choices.ModelPath }, workers: 1, flushesEarly: false);
        Model model = plan.Model
            ?? throw new UsageException($"--model {choices.ModelPath}: there is nothing to tune then; name a model.");
        long packets = Math.Max(model.MinPackets, plan.Options.Flow.MinPackets);
        TuningOptions options = new() { Name = choices.Name ?? Path.GetFileNameWithoutExtension(choices.Output) };
        return new TunePlan(
            plan with { Options = plan.Options with { Flow = plan.Options.Flow with { MinPackets = packets } } },
            model with { MinPackets = (int)Math.Min(packets, int.MaxValue) },
            choices.Budget is { } budget ? options with { Budget = budget } : options);
    }
}
