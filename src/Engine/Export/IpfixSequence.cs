using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Numbers the messages of one table, whichever sink they come from: each has the number of data records before it (RFC 7011 §3.1), so
/// records that an output loses are a gap that a reader sees. Safe from any thread.
/// </summary>
internal sealed class IpfixSequence
{
    private readonly Lock _lock = new();
    private uint _records;

    /// <summary>Numbers whole messages; the header of a table, which comes before all others.</summary>
    public void Number(Span<byte> messages) => _records = IpfixMessage.Number(messages, _records);

    /// <summary>Numbers messages and hands them on. They reach the output in the order of their numbers.</summary>
    /// <exception cref="OutputException">The output gives up.</exception>
    public void Write(RowOutput output, Span<byte> messages)
    {
        lock (_lock)
        {
            Number(messages);
            output.Write(messages);
        }
    }
}
