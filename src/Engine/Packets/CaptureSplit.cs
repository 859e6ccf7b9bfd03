using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Splits a capture in two: the packets of flows with the verdict benign, and all others, which are to be inspected. Beside them the
/// packets of flows that were asked for. Records are copied as they are, and blocks without packets go into all parts; or packets are
/// rewritten. For one thread.
/// </summary>
public sealed class CaptureSplit
{
    /// <summary>Begins both parts.</summary>
    /// <param name="header">What a file begins with before its first record; nothing for pcapng.</param>
    /// <param name="suspicious">Where suspicious packets go; null: disabled. Stays the caller's.</param>
    /// <param name="benign">Where benign ones go; null: disabled. Stays the caller's.</param>
    /// <param name="selected">Where packets of selected flows go; null: disabled. Stays the caller's.</param>
    /// <exception cref="OutputException">They can not be written.</exception>
    public CaptureSplit(ReadOnlySpan<byte> header, RowOutput? suspicious, RowOutput? benign, RowOutput? selected = null)
    {
        Selected = new CapturePart(selected, header);
        Suspicious = new CapturePart(suspicious, header);
        Benign = new CapturePart(benign, header);
    }

    /// <summary>The packets to be inspected.</summary>
    public CapturePart Suspicious { get; }

    /// <summary>The packets that bypass the inspection.</summary>
    public CapturePart Benign { get; }

    /// <summary>The packets of selected flows.</summary>
    public CapturePart Selected { get; }

    /// <summary>All frames so far.</summary>
    public DataReduction Reduction => new(
        Suspicious.Frames, Suspicious.Bytes, Benign.Frames, Benign.Bytes, Rewriting?.LeftOut ?? 0);

    /// <summary>Rewrites packets, so that both parts are pcap files of their own; null: records are copied as they are.</summary>
    public RewrittenRecords? Rewriting { get; init; }

    /// <summary>Adds a packet.</summary>
    /// <param name="record">Its record, as it was read.</param>
    /// <param name="wireLength">Its bytes on the wire.</param>
    /// <param name="isBenign">Whether it bypasses the inspection.</param>
    /// <param name="isSelected">Whether it is of a flow that was asked for.</param>
    internal void Add(ReadOnlySpan<byte> record, uint wireLength, bool isBenign, bool isSelected = false)
    {
        (isBenign ? Benign : Suspicious).Add(record, wireLength);
        if (isSelected)
        {
            Selected.Add(record, wireLength);
        }
    }

    /// <summary>Adds a packet of a batch.</summary>
    /// <param name="batch">The batch, with its records.</param>
    /// <param name="i">The packet's number.</param>
    /// <param name="isBenign">Whether it bypasses the inspection.</param>
    /// <param name="isSelected">Whether it is of a flow that was asked for.</param>
    internal void Add(PacketBatch batch, int i, bool isBenign, bool isSelected)
    {
        ReadOnlySpan<byte> record = Rewriting == null ? batch.Records!.Record(i) : Rewriting.Of(batch, i);
        if (!record.IsEmpty)
        {
            Add(record, batch.WireLengthOf(i), isBenign, isSelected);
        }
    }

    /// <summary>Adds blocks without packets.</summary>
    internal void AddBlocks(ReadOnlySpan<byte> blocks)
    {
        if (!blocks.IsEmpty && Rewriting == null)
        {
            Suspicious.AddBlocks(blocks);
            Benign.AddBlocks(blocks);
            Selected.AddBlocks(blocks);
        }
    }

    /// <summary>Writes what is held back.</summary>
    internal void Flush()
    {
        Suspicious.Flush();
        Benign.Flush();
        Selected.Flush();
    }
}
