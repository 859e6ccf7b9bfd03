using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Learning.Training;

namespace FlowMeter.Cli.Learn;

/// <summary>What a run of <c>flowmeter train</c> is to do, made and checked before anything is opened.</summary>
internal sealed record TrainPlan
{
    /// <summary>How captures are metered; where there are tables, nothing is.</summary>
    public required MeteringPlan Metering { get; init; }

    /// <summary>What to try; groups of features are chosen once the features are known.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Makes a plan.</summary>
    /// <exception cref="UsageException">What was typed does not fit together.</exception>
    public static TrainPlan From(TrainChoices choices)
    {
        bool hasTables = choices.Data.HasTables;
        if (hasTables && choices.Options.DecideAfter != null)
        {
            throw new UsageException("--decide-after: a table's features are what they are; give captures, or leave it out.");
        }

        if (!hasTables && choices.Forced.Length > 0)
        {
            throw new UsageException("--force-feature: captures give the features of their profile; give a table, or leave it out.");
        }

        if (choices.Groups != null && choices.GroupColumn != null)
        {
            throw new UsageException("--groups and --group-column each name the sources; give one of them.");
        }

        if (!hasTables && choices.GroupColumn != null)
        {
            throw new UsageException("--group-column: captures have no columns; name their sources with --groups.");
        }

        if (choices.Options.SplitBy == SplitBy.Source && choices.Groups == null && choices.GroupColumn == null)
        {
            throw new UsageException("--split source: nobody says which source a flow is from; name them with --groups or --group-column.");
        }

        MeteringPlan plan = MeteringPlan.From(choices.Data.Metering, workers: 1, flushesEarly: false);
        if (choices.Options.DecideAfter != null && plan.Profile.KeepsHistory)
        {
            throw new UsageException($"--decide-after: profile {plan.Profile.Name} keeps lists of packets, not sums, so there is no flow "
                + "as "
                    + "of its N-th packet; take another --profile.");
        }

        return new TrainPlan
        {
            Metering =
                plan with { Options = plan.Options with { Flow = plan.Options.Flow with { DecideAfter = choices.Options.DecideAfter } } },
            Options = choices.Options with { MinPackets = hasTables ? 1 : (int)Math.Min(plan.Options.Flow.MinPackets, int.MaxValue) },
        };
    }
}
