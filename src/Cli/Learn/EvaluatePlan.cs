using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Learn;

/// <summary>How <c>flowmeter evaluate</c> meters captures, made and checked before any is opened.</summary>
/// <param name="Metering">How they are metered.</param>
/// <param name="Model">The model to evaluate.</param>
internal sealed record EvaluatePlan(MeteringPlan Metering, Model Model)
{
    /// <summary>Makes a plan; null where there are tables, whose columns say which model inside fits.</summary>
    /// <exception cref="UsageException">What was typed does not fit together.</exception>
    /// <exception cref="ModelException">The model can not be read.</exception>
    public static EvaluatePlan? From(EvaluateChoices choices)
    {
        if (choices.Data.HasTables)
        {
            return null;
        }

        MeteringPlan plan = MeteringPlan.From(
            choices.Data.Metering with { ModelPath = choices.ModelPath }, workers: 1, flushesEarly: false);
        return plan.Model is { } model
            ? new EvaluatePlan(plan, model)
            : throw new UsageException($"--model {choices.ModelPath}: there is nothing to judge then; name a model.");
    }
}
