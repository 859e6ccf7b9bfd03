using System.Buffers;
using System.Globalization;
using System.Text;

namespace FlowMeter.Cli.View;

/// <summary>
/// Values of tables as text for a terminal. Names and labels come from strangers: what a terminal obeys, what turns the direction of text
/// and what joins another character is written as its number, and a character that fills two columns counts as two.
/// </summary>
internal static class CellText
{
    private const int MaxInput = 4000;

    /// <summary>Ranges of characters that fill two columns: East Asian wide and full width (UAX #11), and pictures.</summary>
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3), (0x25FD, 0x25FE),
        (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1), (0x26AA, 0x26AB), (0x26BD, 0x26BE),
        (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA),
        (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755),
        (0x2757, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55),
        (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97C), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18DFF), (0x1AFF0, 0x1B2FF),
        (0x1F000, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>A value as text of one line that does nothing but stand there.</summary>
    /// <param name="value">UTF-8, or what is damaged of it.</param>
    /// <param name="hasUnicode">Whether more than ASCII may be shown.</param>
    public static string From(ReadOnlySpan<byte> value, bool hasUnicode)
    {
        value = value[..Math.Min(value.Length, MaxInput)];
        if (!value.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Encoding.ASCII.GetString(value);
        }

        StringBuilder text = new(value.Length);
        while (!value.IsEmpty)
        {
            bool isWhole = Rune.DecodeFromUtf8(value, out Rune rune, out int length) == OperationStatus.Done;
            if (!isWhole)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{value[0]:X2}");
                length = 1;
            }
            else if (rune.IsAscii ? rune.Value is >= ' ' and <= '~' : hasUnicode && IsShown(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }

            value = value[length..];
        }

        return text.ToString();
    }

    /// <summary>The columns that a text fills, which <see cref="From"/> has made.</summary>
    public static int WidthOf(ReadOnlySpan<char> text)
    {
        int width = text.Length;
        if (!Ascii.IsValid(text))
        {
            width = 0;
            foreach (Rune rune in text.EnumerateRunes())
            {
                width += WidthOf(rune);
            }
        }

        return width;
    }

    /// <summary>The beginning of a text that is wider than this many columns, with a mark at the end.</summary>
    public static string Cut(string text, int width, bool hasUnicode)
    {
        if (WidthOf(text) <= width)
        {
            return text;
        }

        string mark = hasUnicode ? "…" : "~";
        int left = width - 1;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= WidthOf(rune);
            if (left < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return width < 1 ? "" : text[..length] + mark;
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.SpacingCombiningMark) && !IsFiller(rune.Value);

    /// <summary>Letters of Hangul that join the one before, or show nothing.</summary>
    private static bool IsFiller(int value) => value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF) or 0x3164 or 0xFFA0;

    private static int WidthOf(Rune rune)
    {
        if (rune.Value < s_wide[0].First)
        {
            return 1;
        }

        foreach ((int first, int last) in s_wide)
        {
            if (rune.Value <= last)
            {
                return rune.Value >= first ? 2 : 1;
            }
        }

        return 1;
    }
}
