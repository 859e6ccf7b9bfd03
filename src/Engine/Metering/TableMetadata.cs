using System.Globalization;
using System.Reflection;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Metering;

/// <summary>What a table says of how it was made, in formats that have room for it: names and values.</summary>
internal static class TableMetadata
{
    /// <summary>The version that makes tables, as it was released.</summary>
    public static string Version { get; } =
        typeof(TableMetadata).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What there is to say of a run.</summary>
    public static IReadOnlyList<(string Key, string Value)> Of(Profile profile, FlowOptions flow, Model? model) =>
    [
        ("flowmeter.version", Version),
        ("flowmeter.profile", profile.Name),
        ("flowmeter.options", string.Join(' ', Options(flow))),
        .. model == null ? Array.Empty<(string, string)>() : [("flowmeter.model", model.Name)],
    ];

    private static IEnumerable<string> Options(FlowOptions flow)
    {
        yield return $"--idle-timeout {Seconds(flow.Rules.IdleTimeout)}";
        yield return $"--active-timeout {Seconds(flow.Rules.ActiveTimeout)}";
        yield return string.Create(CultureInfo.InvariantCulture, $"--min-packets {flow.MinPackets}");
        if (flow.Tunnels != null)
        {
            yield return "--decapsulate";
        }
    }

    private static string Seconds(long time) => time == FlowRules.Never
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"{(double)time / CaptureTime.Second}s");
}
