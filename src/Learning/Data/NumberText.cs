using System.Globalization;

namespace FlowMeter.Learning.Data;

/// <summary>Parses the numbers of tables, which come from many programs.</summary>
public static class NumberText
{
    /// <summary>
    /// Reads a number. Infinities come as <c>inf</c> or <c>Infinity</c> with a sign or without; an empty field, <c>NaN</c>, <c>NA</c>,
    /// <c>null</c> and <c>None</c> are missing values: NaN.
    /// </summary>
    /// <returns>False for text.</returns>
    public static bool TryParse(ReadOnlySpan<byte> field, out double value)
    {
        field = field.Trim((byte)' ');
        if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        bool isNegative = field.StartsWith("-"u8);
        ReadOnlySpan<byte> bare = isNegative || field.StartsWith("+"u8) ? field[1..] : field;
        if (Is(bare, "inf") || Is(bare, "infinity"))
        {
            value = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        value = double.NaN;
        return field.IsEmpty || Is(field, "nan") || Is(field, "na") || Is(field, "null") || Is(field, "none");
    }

    /// <summary>
    /// Whether a number can be a count of packets or bytes: from 0 to what 64 bits hold. An infinite one would make every share of a sum
    /// meaningless.
    /// </summary>
    public static bool IsVolume(double value) => value is >= 0 and <= long.MaxValue;

    private static bool Is(ReadOnlySpan<byte> field, string word)
    {
        if (field.Length != word.Length)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            if ((field[i] | 0x20) != word[i])
            {
                return false;
            }
        }

        return true;
    }
}
