using System.Buffers.Binary;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// The key of a row: bytes of which two compare, byte by byte, as the rows do. A value that is missing, or is not of its column's kind,
/// comes behind all others, whatever the direction.
/// </summary>
internal sealed class SortKey
{
    private const byte First = 0;
    private const byte Second = 1;
    private const byte Missing = 2;
    private const int NumberLength = 8;
    private const int AddressLength = 17;

    private byte[] _bytes = new byte[64];
    private int _length;

    /// <summary>The key; valid until it changes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Whether the largest of a kind comes first where nothing is said.</summary>
    public static bool IsDescending(QueryKind kind) => kind is QueryKind.Number or QueryKind.Any;

    /// <summary>Begins the key of the next row.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends a value.</summary>
    /// <param name="value">The value, as a table has it.</param>
    /// <param name="kind">The kind of its column.</param>
    /// <param name="isDescending">Whether the largest comes first.</param>
    public void Add(ReadOnlySpan<byte> value, QueryKind kind, bool isDescending)
    {
        switch (kind)
        {
            case QueryKind.Number or QueryKind.Any when NumberText.TryParse(value, out double number):
                AddNumber(number, isDescending);
                break;
            case QueryKind.Time when TableTime.Parse(value) is { } time:
                Write(First, isDescending, (ulong)time ^ (1UL << 63));
                break;
            case QueryKind.Address when AddressValue.TryParse(value, out AddressValue address):
                Span<byte> to = Begin(First, AddressLength);
                to[0] = address.IsV6 ? (byte)6 : (byte)4;
                BinaryPrimitives.WriteUInt128BigEndian(to[1..], address.Bits);
                Turn(to, isDescending);
                break;
            case QueryKind.Text or QueryKind.Any when !value.IsEmpty:
                AddText(kind == QueryKind.Text ? First : Second, value, isDescending);
                break;
            default:
                _ = Begin(Missing, 0);
                break;
        }
    }

    private static void Turn(Span<byte> bytes, bool isDescending)
    {
        for (int i = 0; isDescending && i < bytes.Length; i++)
        {
            bytes[i] = (byte)~bytes[i];
        }
    }

    private void AddNumber(double number, bool isDescending)
    {
        if (double.IsNaN(number))
        {
            _ = Begin(Missing, 0);
            return;
        }

        // The bits of doubles are ordered as they are, but for the sign: of negative ones all bits turn, and minus zero is zero.
        long bits = BitConverter.DoubleToInt64Bits(number + 0.0);
        Write(First, isDescending, bits < 0 ? ~(ulong)bits : (ulong)bits | (1UL << 63));
    }

    private void AddText(byte rank, ReadOnlySpan<byte> text, bool isDescending)
    {
        // A zero byte is doubled by one that is not, so that the end, two zeros, is less than all that goes on.
        int zeros = text.Count((byte)0);
        Span<byte> to = Begin(rank, text.Length + zeros + 2);
        int at = 0;
        foreach (byte c in text)
        {
            to[at++] = c;
            if (c == 0)
            {
                to[at++] = byte.MaxValue;
            }
        }

        to[at] = 0;
        to[at + 1] = 0;
        Turn(to, isDescending);
    }

    private void Write(byte rank, bool isDescending, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(Begin(rank, NumberLength), isDescending ? ~value : value);

    private Span<byte> Begin(byte rank, int length)
    {
        int needed = _length + 1 + length;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, needed));
        }

        _bytes[_length] = rank;
        Span<byte> room = _bytes.AsSpan(_length + 1, length);
        _length = needed;
        return room;
    }
}
