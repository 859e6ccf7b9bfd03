namespace FlowMeter.Engine.Names;

/// <summary>Reads names of DNS messages, which may go on at an earlier place (RFC 1035 §4.1.4).</summary>
internal static class DnsName
{
    /// <summary>Bytes of the longest name as text: 255 on the wire, with lengths where text has dots.</summary>
    public const int MaxLength = 255;

    // A name of 127 labels may have as many pointers; each has to go back, so there is no circle.
    private const int MaxPointers = 127;

    /// <summary>Reads a name.</summary>
    /// <param name="message">The whole message, which pointers are offsets of.</param>
    /// <param name="at">Where the name begins; on return, what follows it.</param>
    /// <param name="text">Room for <see cref="MaxLength"/> bytes: labels with dots between; a dot alone for the root.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <returns>False for a name that is cut, too long, or no name.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, Span<byte> text, out int length)
    {
        length = 0;
        int place = at;
        int after = -1;
        int pointers = 0;
        while ((uint)place < (uint)message.Length)
        {
            byte label = message[place];
            if (label == 0)
            {
                at = after < 0 ? place + 1 : after;
                if (length == 0)
                {
                    text[length++] = (byte)'.';
                }

                return true;
            }

            if (label >= 0xC0)
            {
                if (place + 1 >= message.Length || ++pointers > MaxPointers)
                {
                    return false;
                }

                int target = ((label & 0x3F) << 8) | message[place + 1];
                after = after < 0 ? place + 2 : after;
                if (target >= place)
                {
                    return false;
                }

                place = target;
                continue;
            }

            int needed = length == 0 ? label : label + 1;
            if (label >= 0x40 || place + 1 + label > message.Length || length + needed > MaxLength - 1)
            {
                return false;
            }

            if (length > 0)
            {
                text[length++] = (byte)'.';
            }

            message.Slice(place + 1, label).CopyTo(text[length..]);
            length += label;
            place += 1 + label;
        }

        return false;
    }

    /// <summary>Steps over a name without reading it.</summary>
    /// <returns>False where the message ends before.</returns>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        while ((uint)at < (uint)message.Length)
        {
            byte label = message[at];
            if (label == 0 || label >= 0xC0)
            {
                at += label == 0 ? 1 : 2;
                return at <= message.Length;
            }

            at += 1 + label;
        }

        return false;
    }
}
