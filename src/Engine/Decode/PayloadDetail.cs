namespace FlowMeter.Engine.Decode;

/// <summary>What decoded packets keep of their payloads; each value includes those before it.</summary>
internal enum PayloadDetail
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Lengths and what else <see cref="PacketPayload"/> has.</summary>
    Lengths,

    /// <summary>Where their first bytes are, too (<see cref="PayloadHead"/>).</summary>
    Heads,
}
