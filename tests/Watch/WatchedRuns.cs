using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Watch;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Watch;

/// <summary>Runs that are watched.</summary>
internal static class WatchedRuns
{
    /// <summary>Meters frames; every flow of enough packets is malicious.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="profile">The profile, which has a model inside.</param>
    /// <param name="workers">Worker threads.</param>
    /// <param name="minPackets">Flows of fewer are undecided.</param>
    /// <param name="hasNames">Whether flows have names.</param>
    /// <param name="threshold">Malicious from this score on.</param>
    /// <param name="key">What addresses and names are replaced under; null: they stay.</param>
    public static FlowWatch Run(
        IEnumerable<Frame> frames, string profile = "flowmeter", int workers = 1, int minPackets = 1, bool hasNames = false,
        double threshold = 0, AnonymizationKey? key = null)
    {
        Profile found = Profile.Find(profile)!;
        Model model = DefaultModel.Load(profile, found.FeatureNames)! with
        {
            Threshold = threshold, BenignBelow = 0, MinPackets = minPackets,
        };
        MeteringOptions options = FlowWatch.With(new MeteringOptions
        {
            Flow = new FlowOptions { Rules = found.Rules, MaxFlows = 10_000, MaxNames = 1 << 20 },
            Export = new ExportOptions { HasNames = hasNames, HasConnectionState = hasNames, Anonymization = key },
            Workers = workers,
        });
        FlowWatch watch = new(found, options, model);
        using IPacketSource source = Savefile.Open(
            "capture", new MemoryStream(CaptureWriter.Pcap([.. frames.OrderBy(frame => frame.TimestampNs)])), _ => { });
        using MeteringProcess process = new(found, options, model, (RowOutput?)null, watch);
        process.Run(source, CancellationToken.None);
        return watch;
    }
}
