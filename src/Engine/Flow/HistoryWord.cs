using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// A packet of a flow's history as one word: 47 bits of nanoseconds since the flow's first packet, 16 of its length, and its sender. A
/// packet that does not fit (before the first, 39 hours behind it, of 64 kB) is three words side by side: one that says so
/// (<see cref="IsLong"/>), its time, its length.
/// </summary>
internal static class HistoryWord
{
    /// <summary>Words of a packet at most.</summary>
    public const int MaxWords = 3;

    private const int SenderBits = 1;
    private const int LengthBits = 16;
    private const int TimeShift = SenderBits + LengthBits;
    private const uint LongLength = (1u << LengthBits) - 1;
    private const long TimeEnd = 1L << (64 - TimeShift);

    /// <summary>Stands in the words behind the last packet that fitted, where others follow elsewhere.</summary>
    public const ulong Rest = ulong.MaxValue;

    /// <summary>Whether a packet fits one word.</summary>
    /// <param name="time">Since the flow's first packet, ns.</param>
    /// <param name="length">Bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(long time, uint length) => (ulong)time < TimeEnd && length < LongLength;

    /// <summary>The word of a packet that <see cref="Fits"/>.</summary>
    /// <param name="time">Since the flow's first packet, ns.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="fromB">1 where endpoint B sent it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(long time, uint length, byte fromB) => ((ulong)time << TimeShift) | (length << SenderBits) | fromB;

    /// <summary>The first word of a packet that does not fit.</summary>
    public static ulong OfLong(byte fromB) => Of(0, LongLength, fromB);

    /// <summary>Whether the two words behind this one belong to it.</summary>
    public static bool IsLong(ulong word) => word >> SenderBits == LongLength;

    /// <summary>1 where endpoint B sent the packet.</summary>
    public static int SenderOf(ulong word) => (int)(word & 1);

    /// <summary>Its time since the flow's first packet, ns.</summary>
    public static long TimeOf(ulong word) => (long)(word >> TimeShift);

    /// <summary>Its bytes.</summary>
    public static uint LengthOf(ulong word) => (uint)(word >> SenderBits) & LongLength;
}
