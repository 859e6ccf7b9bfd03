using System.Buffers.Binary;
using FlowMeter.Engine.Export;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>The messages of a file, for an output that takes them again and again: numbers go on.</summary>
internal sealed class RepeatedMessages
{
    private readonly byte[] _rows;
    private uint _number;

    public RepeatedMessages(byte[] file)
    {
        int header = 0;
        while (IpfixMessage.Measure(file.AsSpan(header)) is { Flows: 0 } message)
        {
            header += message.Length;
        }

        (Header, _rows) = (file[..header], file[header..]);
        (_number, Flows) = (Count(Header).Records, Count(_rows).Flows);
    }

    /// <summary>What stands before the first record.</summary>
    public byte[] Header { get; }

    /// <summary>Bytes of the rest.</summary>
    public int Length => _rows.Length;

    /// <summary>Flows each time.</summary>
    public long Flows { get; }

    /// <summary>All of the rest, numbered behind what came before.</summary>
    public byte[] Next()
    {
        byte[] copy = [.. _rows];
        for (Span<byte> rest = copy; IpfixMessage.Measure(rest) is { } message; rest = rest[message.Length..])
        {
            BinaryPrimitives.WriteUInt32BigEndian(rest[8..], _number);
            _number += (uint)message.Records;
        }

        return copy;
    }

    private static (uint Records, long Flows) Count(ReadOnlySpan<byte> messages)
    {
        (uint records, long flows) = (0, 0);
        for (; IpfixMessage.Measure(messages) is { } message; messages = messages[message.Length..])
        {
            records += (uint)message.Records;
            flows += message.Flows;
        }

        return (records, flows);
    }
}
