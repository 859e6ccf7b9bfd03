using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Metering;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// The whole meter, from a capture to a table, with each profile. The rows are the reference's, the same with three workers and in pieces
/// of any size, and every frame is in a row or in a counter, also where the table of flows is full. The bytes: the profile and what is
/// switched on (1), what else is tried (1), and a capture.
/// </summary>
internal static class MeterTarget
{
    private const int Decapsulates = 0x40;
    private const int Sweeps = 0x80;
    private const int MaxFrames = 300;

    private static readonly string[] s_profiles = [.. Profile.All.Select(profile => profile.Name)];
    private static readonly Dictionary<string, Model?> s_models = [];

    public static void Run(byte[] bytes)
    {
        if (bytes.Length < 2)
        {
            return;
        }

        EngineMeter meter = new()
        {
            Profile = s_profiles[(bytes[0] & 0x3F) % s_profiles.Length],
            Decapsulate = (bytes[0] & Decapsulates) != 0,
            SweepFrom = (bytes[0] & Sweeps) != 0 ? 0 : long.MaxValue,
        };
        byte[] capture = bytes[2..];
        ReferenceCapture reference = ReferenceReader.Read(capture);
        if (reference.Frames.Count > MaxFrames)
        {
            return;
        }

        EngineResult one = meter.Run(capture);
        if (one.Totals == null)
        {
            Assert.Empty(reference.Frames);
            return;
        }

        Accounted(one, reference);
        if (reference.Ending != CaptureEnding.NotACapture)
        {
            Assert.Equal(reference.Frames.Count, one.Totals.Frames.Frames);
            string? difference = Difference(meter, one, reference.Frames);
            Assert.True(difference == null, difference);
        }

        switch (bytes[1] % 4)
        {
            case 1:
                EngineMeter varied = meter with { Workers = 3, BytesPerRead = 1 + (bytes[1] * 16), SweepFrom = long.MaxValue };
                EngineResult three = varied.Run(capture);
                Assert.Equal(one.Damage?.Message, three.Damage?.Message);
                Assert.True(one.SortedRows.SequenceEqual(three.SortedRows), "three workers give other rows");
                Accounted(three, reference);
                break;
            case 2:
                Accounted((meter with { MaxFlows = 2, MaxHistory = 24 * 128 }).Run(capture), reference);
                break;
            case 3:
                Accounted((meter with { Model = ModelOf(meter.Profile), Explain = 3 }).Run(capture), reference);
                break;
        }
    }

    /// <summary>The bytes that <see cref="Run"/> meters by a profile.</summary>
    public static byte[] BytesOf(string profile, byte[] capture, byte variation, bool decapsulates = false, bool sweeps = false) =>
    [
        (byte)(Array.IndexOf(s_profiles, profile) | (decapsulates ? Decapsulates : 0) | (sweeps ? Sweeps : 0)), variation, .. capture,
    ];

    private static void Accounted(EngineResult result, ReferenceCapture reference)
    {
        MeteringTotals totals = result.Totals!;
        long decoded = Enum.GetValues<DecodeResult>().Sum(fate => totals.Frames[fate]);
        Assert.Equal(totals.Frames.Frames, decoded);
        Assert.Equal(totals.Flows, result.Table.Rows.Count);
        if (result.Table.Header.Contains("packets") && reference.Ending != CaptureEnding.NotACapture)
        {
            Assert.Equal(totals.Frames[DecodeResult.Metered], result.Sum("packets"));
            Assert.Equal(totals.Frames.Bytes, result.Sum("bytes"));
        }
    }

    private static string? Difference(EngineMeter meter, EngineResult result, List<Frame> frames)
    {
        ReferenceMeterOptions options = new() { Decapsulate = meter.Decapsulate };
        switch (meter.Profile)
        {
            case "flowmeter":
                return ReferenceAgreement.FirstDifference(result, ReferenceMeter.Run(frames, options));
            case "deepfence" when !meter.Decapsulate:
                // Deviations of times finer than a microsecond may differ by one (SPEC §5).
                return RecordComparison.FirstDifference(result.Table, ReferenceDeepfence.Run(frames), relative: 1e-9, absolute: 1000);
            case "deepfence" or "appflow" when meter.Decapsulate:
                return null;
            default:
                return ReferenceTables.FirstDifference(result.Table, meter.Profile, frames, meter.Decapsulate);
        }
    }

    private static Model? ModelOf(string profile)
    {
        if (!s_models.TryGetValue(profile, out Model? model))
        {
            model = DefaultModel.Profiles.Contains(profile) ? DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames) : null;
            s_models[profile] = model;
        }

        return model;
    }
}
