using System.Buffers.Binary;

namespace FlowMeter.Engine.Export;

/// <summary>
/// What a message looks like (RFC 7011 §3). Every record has a set of its own, four bytes more: so who does not know the templates can
/// count the records of a message.
/// </summary>
internal static class IpfixMessage
{
    /// <summary>Bytes of a message's header.</summary>
    public const int Header = 16;

    /// <summary>Bytes of a set's header.</summary>
    public const int SetHeader = 4;

    /// <summary>The longest message. The walk over its sets needs it whole (<see cref="Output.BlockFraming"/>).</summary>
    public const int MaxLength = 4096;

    /// <summary>The set of templates.</summary>
    public const ushort Templates = 2;

    /// <summary>The set of options templates.</summary>
    public const ushort OptionsTemplates = 3;

    /// <summary>The template of IPv4 flows.</summary>
    public const ushort FlowV4 = 256;

    /// <summary>The template of IPv6 flows.</summary>
    public const ushort FlowV6 = 257;

    /// <summary>The options template of the records that describe an element (RFC 5610).</summary>
    public const ushort ElementType = 258;

    /// <summary>The template of the way back of IPv4 flows, where each direction has a record.</summary>
    public const ushort BackV4 = 259;

    /// <summary>The same of IPv6 flows.</summary>
    public const ushort BackV6 = 260;

    private const ushort Version = 10;
    private const uint Domain = 1;

    /// <summary>Writes a message's header; its sequence number comes when it leaves.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="exportTime">Seconds since 1970.</param>
    public static void WriteHeader(Span<byte> message, uint exportTime)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Version);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], exportTime);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(message[12..], Domain);
    }

    /// <summary>Gives each of whole messages the number of the data records before it.</summary>
    /// <param name="messages">The messages, which follow each other.</param>
    /// <param name="number">The records before the first one.</param>
    /// <param name="exportTime">When they leave, in seconds since 1970; null: what they say already.</param>
    /// <returns>The records before the message behind them.</returns>
    public static uint Number(Span<byte> messages, uint number, uint? exportTime = null)
    {
        for (; Measure(messages) is { } message; messages = messages[message.Length..])
        {
            BinaryPrimitives.WriteUInt32BigEndian(messages[8..], number);
            if (exportTime is { } time)
            {
                BinaryPrimitives.WriteUInt32BigEndian(messages[4..], time);
            }

            number += (uint)message.Records;
        }

        return number;
    }

    /// <summary>The bytes of a message.</summary>
    public static int LengthOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    /// <summary>The number of a message.</summary>
    public static uint SequenceOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32BigEndian(message[8..]);

    /// <summary>
    /// The length of the message that begins here, its data records, and those of them that are flows; null if these bytes begin none or
    /// are too few to tell.
    /// </summary>
    /// <param name="start">All of it, or its first <see cref="MaxLength"/> bytes.</param>
    public static (int Length, int Records, int Flows)? Measure(ReadOnlySpan<byte> start)
    {
        if (start.Length < Header || BinaryPrimitives.ReadUInt16BigEndian(start) != Version)
        {
            return null;
        }

        int length = LengthOf(start);
        (int records, int flows) = (0, 0);
        int at = Header;
        while (at + SetHeader <= Math.Min(length, start.Length))
        {
            int set = BinaryPrimitives.ReadUInt16BigEndian(start[at..]);
            int bytes = BinaryPrimitives.ReadUInt16BigEndian(start[(at + 2)..]);
            if (bytes < SetHeader)
            {
                return null;
            }

            records += set >= FlowV4 ? 1 : 0;
            flows += set is FlowV4 or FlowV6 ? 1 : 0;
            at += bytes;
        }

        // A longer message has one flow only, whose set is the first one and has been seen.
        return length < Header || at < Math.Min(length, start.Length) ? null : (length, records, flows);
    }
}
