using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>rd_kafka_vu_t</c>: a tag, and 64 bytes of which each kind uses a few words.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal readonly struct KafkaField(int kind, nint first, nint second = 0, nint third = 0)
{
    // rd_kafka_vtype_t.
    public const int Topic = 1;
    public const int Value = 4;
    public const int Key = 5;
    public const int Opaque = 6;
    public const int Flags = 7;
    public const int Header = 9;

    [FieldOffset(0)]
    public readonly int Kind = kind;

    [FieldOffset(8)]
    public readonly nint First = first;

    [FieldOffset(16)]
    public readonly nint Second = second;

    [FieldOffset(24)]
    public readonly nint Third = third;
}
