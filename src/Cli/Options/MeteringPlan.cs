using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;
using FlowMeter.Native;

namespace FlowMeter.Cli.Options;

/// <summary>What the metering options mean: the profile chosen, the model loaded, the rules set.</summary>
internal sealed record MeteringPlan(Profile Profile, Model? Model, MeteringOptions Options)
{
    private const long DefaultMaxFlowsLimit = 1 << 24;

    /// <summary>What to say about the plan before it begins; null: nothing.</summary>
    public string? Warning { get; private init; }

    /// <summary>What addresses and names are replaced under; null: they stay.</summary>
    public AnonymizationKey? Anonymization => Options.Export.Anonymization;

    /// <summary>Makes a plan.</summary>
    /// <param name="choices">What was typed.</param>
    /// <param name="workers">Worker threads where none were asked for.</param>
    /// <param name="flushesEarly">Whether flows should come out soon after they end.</param>
    /// <param name="output">Where the table goes; null: nowhere.</param>
    public static MeteringPlan From(MeteringChoices choices, int workers, bool flushesEarly, string? output = null)
    {
        Model? model = choices.ModelPath is null or MeteringChoices.NoModel or DefaultModel.Name
            ? null
            : ModelFile.Load(choices.ModelPath, Profile.All.ToDictionary(known => known.Name, known => known.FeatureNames));
        Profile profile = Profile.Find(choices.Profile ?? model?.Profile ?? Profile.All[0].Name)!;
        if (model != null && model.Profile != profile.Name)
        {
            throw new UsageException($"--model {choices.ModelPath}: is for profile {model.Profile}, not {profile.Name}; leave out "
                + "--profile or train a model for it.");
        }

        model ??= choices.ModelPath is null or DefaultModel.Name ? DefaultModel.Load(profile.Name, profile.FeatureNames) : null;
        if (model == null && choices.ModelPath == DefaultModel.Name)
        {
            throw new UsageException($"--model {DefaultModel.Name}: there is none for profile {profile.Name}, only for "
                + $"{string.Join(", ", DefaultModel.Profiles)}; take one of these, or name a model that flowmeter train made.");
        }

        model = Judge(choices, model, profile);
        if (choices.MaxHistory != null && !profile.KeepsHistory)
        {
            throw new UsageException($"--max-history: profile {profile.Name} keeps no history of packets; leave it out.");
        }

        if (choices.Decapsulate && profile.Rules.Decode.MetersOutermostHeader)
        {
            throw new UsageException($"--decapsulate: profile {profile.Name} always meters the outermost header; leave one of them out.");
        }

        if (choices.TunnelPorts.Count > 0 && !choices.Decapsulate)
        {
            throw new UsageException(
                "--tunnel-port: says where to look for tunnels, and only --decapsulate looks into them; give both or neither.");
        }

        CheckDecision(choices, model, profile);
        FlowRules rules = profile.Rules with
        {
            IdleTimeout = choices.IdleTimeout ?? profile.Rules.IdleTimeout,
            DnsIdleTimeout = choices.IdleTimeout == null ? profile.Rules.DnsIdleTimeout : null,
            ActiveTimeout = choices.ActiveTimeout ?? profile.Rules.ActiveTimeout,
        };
        FlowOptions flow = new()
        {
            Rules = rules,
            LocalNets = new LocalNets(choices.LocalNets),
            Tunnels = choices.Decapsulate ? new TunnelPorts(choices.TunnelPorts) : null,
            MinPackets = choices.MinPackets ?? profile.MinPackets,
            DecideAfter = model?.DecideAfter,
            MaxFlows = choices.MaxFlows ?? DefaultMaxFlows(profile),
            MaxHistory = choices.MaxHistory ?? QuarterOfMemory,
            MaxNames = QuarterOfMemory / 2,
        };
        MeteringOptions options = new()
        {
            Flow = flushesEarly ? flow with { SweepFrom = 0 } : flow,
            Export = new ExportOptions
            {
                Encoding = EncodingOf(choices, output),
                UsesElasticNames = choices.UsesElasticNames,
                IpfixEnterprise = (uint)(choices.IpfixEnterprise ?? new ExportOptions().IpfixEnterprise),
                HasUniflows = choices.HasUniflows,
                Label = choices.Label,
                HasCommunityId = choices.CommunityId,
                HasConnectionState = choices.ConnectionState,
                HasNames = choices.Names,
                Anonymization = choices.AnonymizeKey == null ? null : AnonymizeOption.Load(choices.AnonymizeKey),
                Explain = choices.Explain,
            },
            Clock = TimeProvider.System,
            Mode = flushesEarly ? MeteringMode.Stream : MeteringMode.Files,
            Workers = choices.Workers ?? workers,
        };
        return new MeteringPlan(profile, model, options)
        {
            Warning = choices.MaxFlows == null && ControlGroup.MemoryLimit().IsHidden
                ? "the memory limit of this control group can not be seen from here; flows may take a quarter of the machine's memory. "
                    + "Give a bound with --max-flows."
                : null,
        };
    }

    private static TableEncoding EncodingOf(MeteringChoices choices, string? output)
    {
        TableEncoding encoding;
        try
        {
            encoding = TableEncoding.Of(output ?? "", choices.Format == null ? null : TableFormat.Find(choices.Format));
        }
        catch (FormatException e)
        {
            throw new UsageException($"-o {e.Message}");
        }

        string? ofIpfix = choices.IpfixEnterprise != null ? "--ipfix-pen" : choices.HasUniflows ? "--ipfix-uniflow" : null;
        if (ofIpfix != null && encoding.Format != TableFormat.Ipfix)
        {
            throw new UsageException($"{ofIpfix}: is for IPFIX, and the table is {encoding.Format.Name}; add --format "
                + $"{TableFormat.Ipfix.Name}, or leave it out.");
        }

        return choices.UsesElasticNames && encoding.Format != TableFormat.JsonLines
            ? throw new UsageException("--ecs: names the values of JSON Lines, and the table is "
                + $"{encoding.Format.Name}; add --format {TableFormat.JsonLines.Name}, or leave it out.")
            : encoding;
    }

    /// <summary>The model with the thresholds that were asked for.</summary>
    private static Model? Judge(MeteringChoices choices, Model? model, Profile profile)
    {
        string? option = choices.Threshold != null ? "--threshold" : choices.Budget != null ? "--budget"
            : choices.Explain > 0 ? "--explain" : null;
        return model != null ? VerdictOptions.Apply(model, choices.Threshold, choices.Budget)
            : option == null ? null
            : throw new UsageException(choices.ModelPath == MeteringChoices.NoModel
                ? $"{option}: is about verdicts, and --model none gives none; leave that out, or name a model."
                : $"{option}: is about verdicts, and profile {profile.Name} has no model inside; name one with --model.");
    }

    /// <summary>A model scores flows where it was trained to: one for the N-th packet knows flows of N packets only.</summary>
    private static void CheckDecision(MeteringChoices choices, Model? model, Profile profile)
    {
        if (choices.DecideAfter is { } packets && model?.DecideAfter != packets)
        {
            string has = model == null ? "there is no model to judge by"
                : model.DecideAfter is { } trained ? $"model {model.Name} was trained to judge at packet {trained}"
                : $"model {model.Name} was trained to judge whole flows";
            throw new UsageException(
                $"--decide-after {packets}: {has}; make one with flowmeter train --decide-after {packets} and name it with --model.");
        }

        if (model?.DecideAfter != null && profile.KeepsHistory)
        {
            throw new UsageException($"--model {choices.ModelPath}: judges at packet {model.DecideAfter}, and profile {profile.Name} keeps "
                + "lists of packets, not sums, so there is no flow as of its N-th packet; take another --profile.");
        }
    }

    /// <summary>A quarter of the memory there is, 16 M flows at most.</summary>
    private static long DefaultMaxFlows(Profile profile) =>
        Math.Clamp(QuarterOfMemory / profile.BytesPerFlow, 1 << 16, DefaultMaxFlowsLimit);

    private static long QuarterOfMemory =>
        Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, ControlGroup.MemoryLimit().Bytes ?? long.MaxValue) / 4;
}
