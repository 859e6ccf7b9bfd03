using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Splits a capture in two: the packets of flows with the verdict benign, and all others, which are to be inspected.
/// Records are copied as they are; blocks without packets go into both parts. For one thread.
/// </summary>
public sealed class CaptureSplit
{
    /// <summary>Begins both parts.</summary>
    /// <param name="header">What a file begins with before its first record; nothing for pcapng.</param>
    /// <param name="suspicious">Where suspicious packets go; null: disabled. Stays the caller's.</param>
    /// <param name="benign">Where benign ones go; null: disabled. Stays the caller's.</param>
    /// <exception cref="OutputException">They can not be written.</exception>
    public CaptureSplit(ReadOnlySpan<byte> header, RowOutput? suspicious, RowOutput? benign)
    {
        Suspicious = new CapturePart(suspicious, header);
        Benign = new CapturePart(benign, header);
    }

    /// <summary>The packets to be inspected.</summary>
    public CapturePart Suspicious { get; }

    /// <summary>The packets that bypass the inspection.</summary>
    public CapturePart Benign { get; }

    /// <summary>All frames so far.</summary>
    public DataReduction Reduction => new(Suspicious.Frames, Suspicious.Bytes, Benign.Frames, Benign.Bytes);

    /// <summary>Adds a packet.</summary>
    /// <param name="record">Its record, as it was read.</param>
    /// <param name="wireLength">Its bytes on the wire.</param>
    /// <param name="isBenign">Whether it bypasses the inspection.</param>
    internal void Add(ReadOnlySpan<byte> record, uint wireLength, bool isBenign) =>
        (isBenign ? Benign : Suspicious).Add(record, wireLength);

    /// <summary>Adds blocks without packets.</summary>
    internal void AddBlocks(ReadOnlySpan<byte> blocks)
    {
        if (!blocks.IsEmpty)
        {
            Suspicious.AddBlocks(blocks);
            Benign.AddBlocks(blocks);
        }
    }

    /// <summary>Writes what is held back.</summary>
    internal void Flush()
    {
        Suspicious.Flush();
        Benign.Flush();
    }
}
