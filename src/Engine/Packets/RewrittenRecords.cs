using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Makes records of a pcap file of packets with other addresses, or without payloads. All have one link type, which the file's header has;
/// packets of others are left out. For one thread.
/// </summary>
/// <param name="linkType">The link type.</param>
/// <param name="frames">Rewrites frames.</param>
public sealed class RewrittenRecords(LinkType linkType, FrameAnonymizer frames)
{
    private const int LongestFrame = 1 << 18;

    private byte[] _record = new byte[PcapRecord.HeaderLength + LongestFrame];
    private long _foreign;

    /// <summary>Packets that got no record.</summary>
    public long LeftOut => frames.LeftOut + _foreign;

    /// <summary>What a file of such records begins with.</summary>
    public byte[] Header => PcapRecord.FileHeader(linkType, LongestFrame);

    /// <summary>The record of a packet of a batch, which holds until the next call; empty for none.</summary>
    internal unsafe ReadOnlySpan<byte> Of(PacketBatch batch, int i)
    {
        if (batch.LinkType != linkType)
        {
            _foreign++;
            return [];
        }

        int captured = (int)batch.CapturedLength[i];
        if (_record.Length < PcapRecord.HeaderLength + captured)
        {
            _record = new byte[PcapRecord.HeaderLength + captured];
        }

        Span<byte> frame = _record.AsSpan(PcapRecord.HeaderLength, captured);
        new ReadOnlySpan<byte>(batch.Data[i], captured).CopyTo(frame);
        int kept = frames.Rewrite(linkType, frame);
        if (kept == 0)
        {
            return [];
        }

        fixed (byte* record = _record)
        {
            PcapRecord.Write(record, batch.TimeOf(i), (uint)kept, batch.WireLengthOf(i));
        }

        return _record.AsSpan(0, PcapRecord.HeaderLength + kept);
    }
}
