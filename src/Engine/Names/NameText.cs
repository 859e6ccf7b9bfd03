using System.Buffers.Text;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Writes names as text that is safe anywhere: bytes outside the printable ASCII characters as <c>\xHH</c>, a backslash as two. What was
/// written can be read back to the same bytes.
/// </summary>
internal static class NameText
{
    /// <summary>Bytes that one byte becomes, at most.</summary>
    public const int MaxExpansion = 4;

    /// <summary>Writes a name.</summary>
    /// <param name="name">The bytes as they were on the wire.</param>
    /// <param name="destination">Room for <see cref="MaxExpansion"/> times as many.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        // Nearly all names are printable as they are: one vectorised search and a copy.
        int plain = name.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        plain = plain < 0 ? name.Length : plain;
        int backslash = name[..plain].IndexOf((byte)'\\');
        plain = backslash < 0 ? plain : backslash;
        name[..plain].CopyTo(destination);
        int to = plain;
        foreach (byte value in name[plain..])
        {
            if (value is < (byte)' ' or > (byte)'~')
            {
                destination[to++] = (byte)'\\';
                destination[to++] = (byte)'x';
                destination[to++] = Digit(value >> 4);
                destination[to++] = Digit(value & 0xF);
                continue;
            }

            if (value == '\\')
            {
                destination[to++] = value;
            }

            destination[to++] = value;
        }

        return to;
    }

    /// <summary>Reads back what was written.</summary>
    /// <param name="text">The text; a backslash that begins nothing known is one.</param>
    /// <param name="destination">Takes the bytes; what finds no room is left out.</param>
    /// <returns>Bytes read.</returns>
    public static int Read(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int to = 0;
        for (int from = 0; from < text.Length && to < destination.Length; to++)
        {
            ReadOnlySpan<byte> rest = text[from..];
            if (rest is [(byte)'\\', (byte)'x', _, _, ..] && Utf8Parser.TryParse(rest[2..4], out byte value, out int digits, 'x')
                && digits == 2)
            {
                (destination[to], from) = (value, from + MaxExpansion);
                continue;
            }

            destination[to] = rest[0];
            from += rest is [(byte)'\\', (byte)'\\', ..] ? 2 : 1;
        }

        return to;
    }

    private static byte Digit(int value) => "0123456789abcdef"u8[value];
}
