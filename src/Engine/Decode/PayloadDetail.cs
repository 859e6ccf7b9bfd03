namespace FlowMeter.Engine.Decode;

/// <summary>What decoded packets keep of their payloads.</summary>
[Flags]
internal enum PayloadDetail
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Lengths and what else <see cref="PacketPayload"/> has.</summary>
    Lengths = 1,

    /// <summary>Where the transport header is, and so the payload (<see cref="TransportPlace"/>).</summary>
    Places = 2,
}
