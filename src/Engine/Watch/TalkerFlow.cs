using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Watch;

/// <summary>What a flow moved.</summary>
/// <param name="Key">Who it is between.</param>
/// <param name="Packets">Packets of both directions.</param>
/// <param name="Bytes">Bytes of both directions.</param>
/// <param name="IsMalicious">Whether it was judged malicious.</param>
internal readonly record struct TalkerFlow(TalkKey Key, long Packets, long Bytes, bool IsMalicious);
