using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Text;

/// <summary>
/// Writes instants as RFC 3339 in UTC with nine decimals: "2016-01-27T20:01:00.856800000Z". Remembers the text of the last minute written,
/// because neighbouring rows mostly share it; so an instance belongs to one thread and must not be copied while in use.
/// </summary>
public unsafe struct TimestampText
{
    /// <summary>Bytes of every text, which is also the room a caller must have free.</summary>
    public const int MaxLength = 30;

    private const int PrefixLength = 17; // "2016-01-27T20:01:"
    private const long NanosecondsPerMinute = 60_000_000_000;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    // The first nanosecond of the minute whose text is remembered, if one is.
    private long _minute;
    private bool _remembered;
    private fixed byte _prefix[PrefixLength];

    /// <summary>Writes one instant into a span of at least <see cref="MaxLength"/> bytes. Returns the bytes of text.</summary>
    public int Format(Span<byte> destination, long nanosecondsSinceEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MaxLength);
        fixed (byte* first = destination)
        {
            return (int)(Write(first, nanosecondsSinceEpoch) - first);
        }
    }

    /// <summary>Writes one instant.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="nanosecondsSinceEpoch">
    /// Nanoseconds since 1970-01-01T00:00:00Z, negative before it; leap seconds are not counted. Meant for the years 1900 to 2262.
    /// </param>
    /// <returns>The byte after the text.</returns>
    public byte* Write(byte* destination, long nanosecondsSinceEpoch)
    {
        // Unsigned: an instant before the remembered minute wraps round to a great distance.
        ulong inMinute = (ulong)(nanosecondsSinceEpoch - _minute);
        if (inMinute >= NanosecondsPerMinute || !_remembered)
        {
            inMinute = Remember(nanosecondsSinceEpoch);
        }

        fixed (byte* prefix = _prefix)
        {
            Unsafe.CopyBlockUnaligned(destination, prefix, PrefixLength);
        }

        ulong second = inMinute / NanosecondsPerSecond;
        ulong nanosecond = inMinute - (second * NanosecondsPerSecond);
        ulong tenth = nanosecond / 100_000_000;
        ulong tens = second * 103 >> 10;
        ulong secondText = tens | ((second - (tens * 10)) << 8) | (tenth << 24) | 0x302E3030;
        Unsafe.WriteUnaligned(destination + PrefixLength, (uint)secondText);
        Unsafe.WriteUnaligned(destination + PrefixLength + 4, Digits.Eight(nanosecond - (tenth * 100_000_000)) | Digits.AsciiZeros);
        destination[MaxLength - 1] = (byte)'Z';
        return destination + MaxLength;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong Remember(long nanosecondsSinceEpoch)
    {
        (long minutes, long inMinute) = Math.DivRem(nanosecondsSinceEpoch, NanosecondsPerMinute);
        if (inMinute < 0)
        {
            minutes--;
            inMinute += NanosecondsPerMinute;
        }

        _minute = nanosecondsSinceEpoch - inMinute;
        _remembered = true;
        DateTime time = DateTime.UnixEpoch.AddTicks(minutes * TimeSpan.TicksPerMinute);
        fixed (byte* prefix = _prefix)
        {
            time.TryFormat(new Span<byte>(prefix, PrefixLength), out _, "yyyy-MM-ddTHH:mm:", CultureInfo.InvariantCulture);
        }

        return (ulong)inMinute;
    }
}
