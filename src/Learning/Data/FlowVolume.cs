namespace FlowMeter.Learning.Data;

/// <summary>The volume of a flow, and how much of it bypasses the deep inspector if the flow is judged benign.</summary>
/// <param name="Packets">Packets of the whole flow.</param>
/// <param name="Bytes">Bytes of the whole flow.</param>
/// <param name="BypassedPackets">Packets after the verdict: all of them where the verdict is on the whole flow of a table.</param>
/// <param name="BypassedBytes">Bytes of these packets.</param>
internal readonly record struct FlowVolume(double Packets, double Bytes, double BypassedPackets, double BypassedBytes);
