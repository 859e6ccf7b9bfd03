using System.Text;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Text;

/// <summary>What the writers write, as strings, after checking that they stay within the room they ask for.</summary>
internal static unsafe class TextOf
{
    private const int Guard = 16;
    private const byte Untouched = 0xA5;

    private delegate byte* Writer(byte* destination);

    public static string Shortest(double value) => Run(ShortestDouble.MaxLength, d => ShortestDouble.Write(d, value));

    public static string Integer(ulong value) => Run(IntegerText.MaxLength, d => IntegerText.Write(d, value));

    public static string Integer(uint value) => Run(IntegerText.MaxLength, d => IntegerText.Write(d, value));

    public static string Thousandths(ulong value) => Run(ThousandthsText.MaxLength, d => ThousandthsText.Write(d, value));

    public static string Timestamp(ref TimestampText writer, long nanoseconds)
    {
        TimestampText copy = writer;
        string text = Run(TimestampText.MaxLength, d => copy.Write(d, nanoseconds));
        writer = copy;
        return text;
    }

    public static string Address(byte[] address) => Run(AddressText.MaxLength, d =>
    {
        fixed (byte* first = address)
        {
            return address.Length == 4 ? AddressText.WriteV4(d, first) : AddressText.WriteV6(d, first);
        }
    });

    private static string Run(int maxLength, Writer writer)
    {
        byte* room = stackalloc byte[maxLength + (2 * Guard)];
        new Span<byte>(room, maxLength + (2 * Guard)).Fill(Untouched);
        byte* first = room + Guard;
        byte* end = writer(first);

        Assert.InRange(end - first, 1, maxLength);
        Assert.Equal(-1, new ReadOnlySpan<byte>(room, Guard).IndexOfAnyExcept(Untouched));
        Assert.Equal(-1, new ReadOnlySpan<byte>(first + maxLength, Guard).IndexOfAnyExcept(Untouched));
        return Encoding.ASCII.GetString(first, (int)(end - first));
    }
}
