using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;

namespace FlowMeter.Cli.Read;

/// <summary>What a run of <c>flowmeter read</c> is to do, made and checked before anything is read or written.</summary>
internal sealed record ReadPlan
{
    // Below this much input the start of further threads costs more than they give.
    private const long ParallelFrom = 64 << 20;
    private const int MaxWorkersByDefault = 16;

    /// <summary>How packets are metered.</summary>
    public required MeteringPlan Metering { get; init; }

    /// <summary>The bytes of all files; null where one of them is a pipe and it is unknown.</summary>
    public required long? InputBytes { get; init; }

    /// <summary>Whether the table is one for people.</summary>
    public required bool IsView { get; init; }

    /// <summary>Makes a plan.</summary>
    /// <param name="choices">What was typed.</param>
    /// <param name="bytesOf">The bytes of a file; null for a pipe. Throws where a file can not be read.</param>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <exception cref="UsageException">What was typed does not fit together, or the files.</exception>
    public static ReadPlan From(ReadChoices choices, Func<string, long?> bytesOf, bool isTerminal = false)
    {
        long? bytes = CheckFiles(choices, bytesOf);
        BrokerOptions.RequireNoOutput(choices.To, choices.Output);
        CollectorOption.RequireNoOther(choices.Collector, choices.Output, choices.To);
        NamedOutput.RejectSame(choices.Outputs);
        bool isView = ReadView.IsWanted(choices, isTerminal);
        if (choices.Filter != null)
        {
            FilteredSource.Check(choices.Filter);
        }

        int workers = bytes is null or < ParallelFrom ? 1 : Math.Clamp(Environment.ProcessorCount, 1, MaxWorkersByDefault);
        MeteringChoices typed = CollectorOption.Fit(choices.Collector, BrokerOptions.Fit(choices.To, choices.Metering));
        MeteringPlan metering = CollectorOption.Fit(choices.Collector, BrokerOptions.Fit(
            choices.To, MeteringPlan.From(typed, workers, flushesEarly: bytes == null, choices.To == null ? choices.Output : null)));
        return choices.SplitOption is { } option && metering.Model == null
            ? throw new UsageException(choices.Metering.ModelPath == MeteringChoices.NoModel
                ? $"{option}: goes by verdicts, and --model none gives none; leave that out, or name a model."
                : $"{option}: goes by verdicts, and profile {metering.Profile.Name} has no model inside; name one with --model, or choose "
                    + "another profile.")
            : new ReadPlan { Metering = isView ? ForView(metering) : metering, InputBytes = bytes, IsView = isView };
    }

    /// <summary>A table for people is made of CSV, has rows in the order in which flows end, and a reason for each verdict.</summary>
    private static MeteringPlan ForView(MeteringPlan metering) => metering with
    {
        Options = metering.Options with
        {
            KeepsOrder = true,
            Export = metering.Options.Export with
            {
                Encoding = TableEncoding.Csv,
                Explain = metering.Model == null ? 0 : Math.Max(metering.Options.Export.Explain, 1),
            },
        },
    };

    private static long? CheckFiles(ReadChoices choices, Func<string, long?> bytesOf)
    {
        long? all = 0;
        foreach (string file in choices.Files)
        {
            long? bytes = bytesOf(file);
            all += bytes;
            if (bytes == null && choices.IsSorted)
            {
                throw new UsageException(
                    $"--sort: when {file} begins is not known before it is read, since it is a pipe; name files only.");
            }

            if (bytes == null && choices.SecondPassOption is { } twice)
            {
                throw new UsageException($"{twice}: reads its input twice, and {file} is a pipe; record it to a file first.");
            }

            if (bytes != null)
            {
                foreach (NamedOutput output in choices.Outputs)
                {
                    FileArgument.RejectSame(output.Option, output.Path, file, "an input file");
                }
            }
        }

        return all;
    }
}
