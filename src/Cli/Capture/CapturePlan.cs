using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>What a run of <c>flowmeter capture</c> is to do, made and checked before anything is opened.</summary>
internal sealed record CapturePlan
{
    /// <summary>Bytes kept of a packet at most: more than any has.</summary>
    public const int MaxSnapLength = 262_144;

    /// <summary>
    /// How long a sweep waits, ns: a handle's packets are in order, and the kernel hands them over after a tenth of a second at most.
    /// </summary>
    public const long SweepSlack = CaptureTime.Second / 2;

    /// <summary>How packets are metered.</summary>
    public required MeteringPlan Metering { get; init; }

    /// <summary>How they are captured.</summary>
    public required CaptureSettings Settings { get; init; }

    /// <summary>Makes a plan.</summary>
    /// <exception cref="UsageException">What was typed does not fit together, or this system can not do it.</exception>
    public static CapturePlan From(CaptureChoices choices)
    {
        if (choices.IsPinned && !ThreadAffinity.IsSupported)
        {
            throw new UsageException("--pin: this system does not tie threads to processors; leave it out.");
        }

        if (choices.User != null && !OperatingSystem.IsLinux())
        {
            throw new UsageException("--user: rights are given up on Linux only; leave it out.");
        }

        int queues = XdpQueues.Of(choices);
        BrokerOptions.RequireNoOutput(choices.To, choices.Output);
        CollectorOption.RequireNoOther(choices.Collector, choices.Output, choices.To);
        if (choices.Collector != null && choices.Rotation != Rotation.Never)
        {
            throw new UsageException("--rotate: a table that goes to a collector has no files; leave it out.");
        }

        if (choices.To != null && choices.Rotation != Rotation.Never)
        {
            throw new UsageException("--rotate: a table that is published has no files; leave it out (flowmeter collect has it, too).");
        }

        if (choices.Spool != null && choices.To == null)
        {
            throw new UsageException("--spool: keeps what --to publishes; give both or neither.");
        }

        MeteringPlan metering = MeteringOf(choices, queues);
        NamedOutput.RejectSame(choices.Outputs);
        if (choices.RoutingOption is { } routing)
        {
            CheckRouting(routing, choices, metering);
        }

        return new CapturePlan
        {
            Metering = metering,
            Settings = new CaptureSettings
            {
                Interfaces = choices.Interfaces,
                SnapLength = SnapLengthOf(choices, metering),
                IsPromiscuous = choices.IsPromiscuous,
                BufferBytes = choices.BufferBytes,
                Filter = choices.Filter,
                Direction = choices.Direction,
                HandlesPerInterface = metering.Options.ObservationPoints / choices.Interfaces.Count,
                WorkersPerHandle = metering.Options.Workers / metering.Options.ObservationPoints,
                IsXdp = choices.IsXdp,
                MaxFrames = choices.Count,
            },
        };
    }

    private static MeteringPlan MeteringOf(CaptureChoices choices, int queues)
    {
        MeteringChoices typed = CollectorOption.Fit(choices.Collector, BrokerOptions.Fit(choices.To, choices.Metering));
        MeteringPlan plan = CollectorOption.Fit(choices.Collector, BrokerOptions.Fit(
            choices.To, MeteringPlan.From(typed, workers: queues, flushesEarly: true, choices.To == null ? choices.Output : null)));
        XdpQueues.Check(choices, plan.Options, queues);
        int workers = plan.Options.Workers * choices.Interfaces.Count;
        if (workers > MeteringOptions.MaxWorkers)
        {
            throw new UsageException($"--workers: {plan.Options.Workers} for each of {choices.Interfaces.Count} interfaces are more than "
                + $"{MeteringOptions.MaxWorkers} in all; use fewer.");
        }

        return plan with
        {
            Options = plan.Options with
            {
                Workers = workers,
                ObservationPoints = IsShared(choices, plan) ? workers : choices.Interfaces.Count,
                Mode = MeteringMode.Live,

                // Swept by the clock alone.
                Flow = plan.Options.Flow with { SweepSlack = SweepSlack, SweepFrom = long.MaxValue },
            },
        };
    }

    /// <summary>
    /// Whether the kernel shares packets between workers. It does so by outer addresses, which say nothing of the flows inside tunnels.
    /// </summary>
    private static bool IsShared(CaptureChoices choices, MeteringPlan plan) =>
        choices.IsXdp || (CaptureSettings.CanShare(choices.Interfaces) && plan.Options.Flow.Tunnels == null);

    /// <summary>Headers are enough to meter by in most profiles; who gets packets wants them whole.</summary>
    private static int SnapLengthOf(CaptureChoices choices, MeteringPlan plan) => choices.SnapLength
        ?? (plan.Profile.Rules.Decode.SizeIsCapturedLength || choices.RoutingOption != null
            ? MaxSnapLength
            : plan.Options.Export.HasNames ? Profile.SnapLengthOfNames
            : plan.Profile.SnapLength ?? new CaptureSettings { Interfaces = [] }.SnapLength);

    /// <summary>Whether packets can be sent their way by verdict.</summary>
    private static void CheckRouting(string option, CaptureChoices choices, MeteringPlan plan)
    {
        if (choices.ForwardTo is { } target && (choices.Interfaces.Contains(target) || choices.Interfaces.Contains("any")))
        {
            throw new UsageException(
                $"--forward-to {target}: is captured, too, and every packet would come back; choose an interface of its own.");
        }

        if (plan.Options.Flow.DecideAfter is not { } decideAfter)
        {
            string judge = plan.Model == null
                ? "there is no model"
                : $"model {plan.Model.Name} judges whole flows, when their packets have gone by";
            throw new UsageException($"{option}: {judge}; name one that judges at the N-th packet with --model "
                + "(flowmeter train --decide-after N makes it).");
        }

        if (plan.Options.Flow.MinPackets > decideAfter)
        {
            throw new UsageException($"{option}: --min-packets {plan.Options.Flow.MinPackets} leaves out flows that are judged at packet "
                + $"{decideAfter} already; lower it.");
        }

        if (plan.Options.Workers > plan.Options.ObservationPoints)
        {
            string why = plan.Options.Flow.Tunnels != null ? "with --decapsulate" : "of any";
            throw new UsageException($"{option}: the packets {why} come through one handle, and only one worker can keep them; "
                + "use --workers 1.");
        }
    }
}
