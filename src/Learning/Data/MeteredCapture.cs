namespace FlowMeter.Learning.Data;

/// <summary>What metering a capture gave.</summary>
/// <param name="Flows">Its flows in order.</param>
/// <param name="Damage">What is wrong with the capture, if it could not be read to its end.</param>
internal sealed record MeteredCapture(List<MeteredFlow> Flows, string? Damage);
