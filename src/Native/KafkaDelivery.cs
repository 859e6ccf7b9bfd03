using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>rd_kafka_message_t</c> of a delivery report.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal readonly struct KafkaDelivery
{
    /// <summary>Why it was not delivered.</summary>
    [FieldOffset(0)]
    public readonly KafkaError Error;

    /// <summary>The number that it was produced with.</summary>
    [FieldOffset(64)]
    public readonly nint Opaque;
}
