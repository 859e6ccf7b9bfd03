namespace FlowMeter.Engine.Names;

/// <summary>The beginning of a message in BER (X.690) that is a sequence with a number first, as those of LDAP and SNMP are.</summary>
internal static class BerSequence
{
    /// <summary>The tag of a sequence.</summary>
    public const byte Tag = 0x30;

    private const byte Number = 2;
    private const int MaxNumberLength = 4;

    /// <summary>Reads the number and the tag behind it.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="number">The number.</param>
    /// <param name="next">The tag of the second member.</param>
    /// <returns>False where it begins otherwise.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int number, out byte next)
    {
        number = 0;
        next = 0;
        ByteReader reader = new(bytes);
        if (reader.Byte() != Tag)
        {
            return false;
        }

        // A length of more than one byte says of how many.
        byte length = reader.Byte();
        reader.Skip(length < 0x80 ? 0 : length & 0x7F);
        if (reader.Byte() != Number)
        {
            return false;
        }

        byte numberLength = reader.Byte();
        if (numberLength is < 1 or > MaxNumberLength)
        {
            return false;
        }

        foreach (byte value in reader.Take(numberLength))
        {
            number = (number << 8) | value;
        }

        next = reader.Byte();
        return !reader.IsShort;
    }
}
