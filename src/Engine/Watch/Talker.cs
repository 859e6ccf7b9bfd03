namespace FlowMeter.Engine.Watch;

/// <summary>A host by what it moved, in flows that it began or answered.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Flows">Flows.</param>
/// <param name="Packets">Their packets.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Malicious">Those of the flows that were judged malicious.</param>
public sealed record Talker(string Address, long Flows, long Packets, long Bytes, long Malicious);
