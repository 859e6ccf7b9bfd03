namespace FlowMeter.Tests.Oracle;

/// <summary>What a meter needs to know of one frame.</summary>
internal readonly record struct ReferencePacket(
    ReferenceOutcome Outcome,
    byte Protocol,
    ReferenceEndpoint Source,
    ReferenceEndpoint Destination,
    byte TcpFlags,
    bool IsLaterFragment)
{
    /// <summary>What there is behind the transport header, SPEC §7.</summary>
    public ReferencePayload Payload { get; init; }

    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Ack = 0x10;

    public static ReferencePacket Skipped(ReferenceOutcome reason) => new(reason, 0, default, default, 0, false);

    public bool Has(byte flag) => (TcpFlags & flag) != 0;
}
