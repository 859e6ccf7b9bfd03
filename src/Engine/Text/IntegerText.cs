using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Text;

/// <summary>
/// Writes unsigned integers as decimal digits. Up to eight digits take no branch on their count; longer numbers are pieces of eight.
/// </summary>
public static unsafe class IntegerText
{
    /// <summary>
    /// Bytes a caller must have free: the 20 digits of the greatest value. Bytes past the returned pointer may be overwritten up to this.
    /// </summary>
    public const int MaxLength = 20;

    private const ulong Piece = 100_000_000;

    /// <summary>Writes <paramref name="value"/> without leading zeros.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="value">Any value.</param>
    /// <returns>The byte after the text.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Write(byte* destination, ulong value) =>
        value < Piece ? WriteFirst(destination, value) : WriteLong(destination, value);

    /// <inheritdoc cref="Write(byte*, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Write(byte* destination, uint value) => Write(destination, (ulong)value);

    private static byte* WriteLong(byte* destination, ulong value)
    {
        ulong high = value / Piece;
        if (high < Piece)
        {
            destination = WriteFirst(destination, high);
        }
        else
        {
            ulong top = high / Piece;
            destination = WriteNext(WriteFirst(destination, top), high - (top * Piece));
        }

        return WriteNext(destination, value - (high * Piece));
    }

    // Below 10^8, leading zeros dropped: they are the low bytes, and the last digit always stays.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteFirst(byte* destination, ulong value)
    {
        ulong digits = Digits.Eight(value);
        int zeroBits = BitOperations.TrailingZeroCount(digits | (1UL << 56)) & ~7;
        Store(destination, (digits | Digits.AsciiZeros) >> zeroBits);
        return destination + 8 - (zeroBits >> 3);
    }

    // Below 10^8, always eight digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteNext(byte* destination, ulong value)
    {
        Store(destination, Digits.Eight(value) | Digits.AsciiZeros);
        return destination + 8;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* destination, ulong text) => Unsafe.WriteUnaligned(destination, text);
}
