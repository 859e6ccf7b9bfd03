using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Decode;

/// <summary>The first bytes of a packet's payload, where they lie: valid as long as the memory that the packet was decoded in.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PayloadHead
{
    /// <summary>Bytes of it that profiles look at, at most.</summary>
    public const uint MaxLength = 256;

    /// <summary>The first byte; means nothing where <see cref="Length"/> is 0.</summary>
    public byte* First;

    /// <summary>Captured bytes of the payload; 0 for later fragments.</summary>
    public uint Length;

    /// <summary>The sequence number in a TCP header; means nothing for other protocols.</summary>
    public uint Sequence;

    /// <summary>The head of a payload behind a transport header.</summary>
    /// <param name="transport">The transport header.</param>
    /// <param name="captured">Bytes captured from there on; may be negative.</param>
    /// <param name="payload">The packet's payload.</param>
    public static PayloadHead Behind(byte* transport, long captured, in PacketPayload payload) => new()
    {
        First = transport + payload.HeaderLength,
        Length = (uint)Math.Clamp(captured - payload.HeaderLength, 0, payload.Length),
        Sequence = captured >= 8 ? PacketHeaders.ReadUInt32(transport + 4) : 0,
    };
}
