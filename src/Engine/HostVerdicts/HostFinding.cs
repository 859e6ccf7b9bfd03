using System.Globalization;

namespace FlowMeter.Engine.HostVerdicts;

/// <summary>What a rule found about a host.</summary>
/// <param name="Kind">What it does: <c>port_scan</c>, <c>sweep</c>, <c>brute_force</c> or <c>score</c>.</param>
/// <param name="Target">To whom: an address, a port and protocol, both, or nobody in particular.</param>
/// <param name="Flows">Flows that count for it.</param>
internal readonly record struct HostFinding(string Kind, string Target, long Flows)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}{(Target.Length == 0 ? "" : " ")}{Target} ({Flows} flow{(Flows == 1 ? "" : "s")})");
}
