using System.Net;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Support;

/// <summary>Runs the engine as the command line does: a savefile's bytes in, a table and its counts out.</summary>
internal sealed record EngineMeter
{
    public string Profile { get; init; } = "flowmeter";

    /// <summary>Null for the profile's own.</summary>
    public FlowRules? Rules { get; init; }

    /// <summary>Null for the profile's own.</summary>
    public long? MinPackets { get; init; }

    public IReadOnlyList<string> LocalNets { get; init; } = [];

    public bool Decapsulate { get; init; }

    public int Workers { get; init; } = 1;

    public long MaxFlows { get; init; } = 1 << 20;

    public long SweepFrom { get; init; } = 1 << 16;

    public long MaxHistory { get; init; } = 1 << 28;

    public string? Label { get; init; }

    /// <summary>Most bytes that one read of the input gives. Batches end where reads do, so this varies them.</summary>
    public int BytesPerRead { get; init; } = int.MaxValue;

    public Model? Model { get; init; }

    public long? DecideAfter { get; init; }

    public int Explain { get; init; }

    public bool HasCommunityId { get; init; }

    public bool HasConnectionState { get; init; }

    public bool HasNames { get; init; }

    public bool HasUniflows { get; init; }

    public EngineResult Run(byte[] savefile)
    {
        List<string> warnings = [];
        try
        {
            using IPacketSource source = Savefile.Open("capture", new Native.TrickleStream(savefile, BytesPerRead), warnings.Add);
            return Run(source) with { Warnings = warnings };
        }
        catch (CaptureException damage)
        {
            return EngineResult.OfUnopened(damage);
        }
    }

    public EngineResult Run(IPacketSource source)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        (MeteringTotals totals, CaptureException? damage, _) = Run(source, path, new ExportOptions());
        string csv = File.ReadAllText(path);
        File.Delete(path);
        return new EngineResult(csv, totals, damage);
    }

    /// <summary>The bytes of the table as some encoding has them, and its rows.</summary>
    public (byte[] Bytes, long Rows) Encoded(
        byte[] savefile, TableEncoding encoding, bool usesElasticNames = false, int? maxMessage = null)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        ExportOptions export = new() { Encoding = encoding, UsesElasticNames = usesElasticNames };
        export = maxMessage is { } most ? export with { MaxIpfixMessage = most } : export;
        using IPacketSource source = Savefile.Open("capture", new MemoryStream(savefile), _ => { });
        (_, _, long rows) = Run(source, path, export);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return (bytes, rows);
    }

    /// <summary>The same with rows that nobody reads.</summary>
    public MeteringTotals RunUnread(IPacketSource source) => Run(source, "/dev/null", new ExportOptions()).Totals;

    private (MeteringTotals Totals, CaptureException? Damage, long Rows) Run(IPacketSource source, string path, ExportOptions export)
    {
        Profile profile = Engine.Features.Profile.Find(Profile)!;
        CaptureException? damage = null;
        using OutputFile output = OutputFile.Open(path, export.Encoding.Framing);
        using MeteringProcess process = new(profile, Options(profile, export), Model, output);
        try
        {
            process.Run(source, CancellationToken.None);
        }
        catch (CaptureException e)
        {
            damage = e;
        }

        output.Complete();
        return (process.Totals, damage, output.Rows);
    }

    private MeteringOptions Options(Profile profile, ExportOptions export) => new()
    {
        Flow = new FlowOptions
        {
            Rules = Rules ?? profile.Rules,
            LocalNets = new LocalNets(LocalNets.Select(net => IPNetwork.Parse(net))),
            Tunnels = Decapsulate ? TunnelPorts.Default : null,
            MinPackets = MinPackets ?? profile.MinPackets,
            MaxFlows = MaxFlows,
            SweepFrom = SweepFrom,
            MaxHistory = MaxHistory,
            DecideAfter = DecideAfter,
        },
        Export = export with
        {
            Label = Label, Explain = Explain, HasCommunityId = HasCommunityId, HasConnectionState = HasConnectionState,
            HasUniflows = HasUniflows, HasNames = HasNames,
        },
        Workers = Workers,
    };
}
