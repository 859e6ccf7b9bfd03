using System.Numerics;
using System.Runtime.CompilerServices;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Text;

/// <summary>Writes numbers kept as whole thousandths as decimals, as nanoseconds in microseconds: "0", "12", "160598.5", "0.001".</summary>
/// <remarks>
/// <para>The text is the one <see cref="ShortestDouble"/> writes for the double thousandths / 1000.0, at the cost of an integer.</para>
/// <para>
/// Why that holds below 10^15: the thousandths and 1000 are exact doubles, so the division gives the double nearest to the decimal
/// written here, and the decimal, having at most 15 significant digits, reads back as that double. No two decimals of at most 15 digits
/// share a double (DBL_DIG = 15), so no shorter decimal and no other one of the same length reads back as it. The value is 0 or between
/// 10^-3 and 10^12: plain notation in both.
/// </para>
/// </remarks>
public static unsafe class ThousandthsText
{
    /// <summary>Bytes a caller must have free. Bytes past the returned pointer may be overwritten up to this.</summary>
    public const int MaxLength = ShortestDouble.MaxLength;

    /// <summary>From here on (of nanoseconds, 11.6 days) the decimal may have more than 15 digits.</summary>
    private const ulong Exact = 1_000_000_000_000_000;

    /// <summary>
    /// Writes <paramref name="thousandths"/> / 1000 with up to three decimals, trailing zeros trimmed, no dot if it is whole.
    /// </summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="thousandths">Any value; from 10^15 on the text is that of the nearest double.</param>
    /// <returns>The byte after the text.</returns>
    public static byte* Write(byte* destination, ulong thousandths)
    {
        if (thousandths >= Exact)
        {
            return ShortestDouble.Write(destination, Quotient.Divide(thousandths, 1000));
        }

        ulong whole = thousandths / 1000;
        uint decimals = (uint)(thousandths - (whole * 1000));
        uint hundreds = decimals * 5243 >> 19;
        uint rest = decimals - (hundreds * 100);
        uint tens = rest * 103 >> 10;
        uint digits = (hundreds << 8) | (tens << 16) | ((rest - (tens * 10)) << 24);

        // The highest nonzero byte is the last digit to keep; without one the dot goes too.
        destination = IntegerText.Write(destination, whole);
        Unsafe.WriteUnaligned(destination, digits | 0x3030302E);
        return destination + 4 - (BitOperations.LeadingZeroCount(digits) >> 3);
    }
}
