using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Writes packets as CSV: one line a frame, with its flow's verdict, or with the reason why it is in none of the flows that came out. For
/// one thread.
/// </summary>
internal sealed unsafe class PacketTable : IDisposable
{
    private const int FlushFrom = 256 << 10;
    private const int MaxRow = 256;

    private readonly RowOutput _output;
    private readonly AddressAnonymizer? _addresses;
    private readonly NativeColumn<byte> _buffer = new(FlushFrom + MaxRow);
    private TimestampText _times;
    private TimestampText _startTimes;
    private int _length;

    /// <summary>Writes the header to an output, which stays the caller's.</summary>
    /// <param name="output">The output.</param>
    /// <param name="anonymization">Replaces the addresses that IDs are made of; null: they stay.</param>
    public PacketTable(RowOutput output, AnonymizationKey? anonymization = null)
    {
        _addresses = anonymization == null ? null : new AddressAnonymizer(anonymization);
        _output = output;
        output.Begin("frame,time,community_id,flow_start_time,direction,verdict,score,outside\n"u8);
    }

    /// <summary>Writes a packet of a flow.</summary>
    /// <param name="frame">Its number, from 1.</param>
    /// <param name="time">When it came, nanoseconds since the epoch.</param>
    /// <param name="packet">The tracker that has just taken it.</param>
    /// <param name="verdict">The verdict on the flow; null without a model.</param>
    /// <param name="score">Its probability.</param>
    public void Write(long frame, long time, FlowTracker packet, Verdict? verdict, double score)
    {
        byte* at = Begin(frame, time);
        at += WriteId(new Span<byte>(at, CommunityId.Length), packet);
        *at++ = (byte)',';
        at = _startTimes.Write(at, packet.FlowStart);
        at = Write(at, packet.IsForward ? ",fwd,"u8 : ",bwd,"u8);
        if (verdict is { } known)
        {
            at = Write(at, VerdictText.Utf8(known));
            *at++ = (byte)',';
            at = ShortestDouble.Write(at, score);
        }
        else
        {
            *at++ = (byte)',';
        }

        *at++ = (byte)',';
        End(at);
    }

    /// <summary>Writes a packet that is in no flow that came out.</summary>
    /// <param name="frame">Its number, from 1.</param>
    /// <param name="time">When it came, nanoseconds since the epoch.</param>
    /// <param name="reason">Why.</param>
    public void WriteOutside(long frame, long time, ReadOnlySpan<byte> reason) => End(Write(Write(Begin(frame, time), ",,,,,"u8), reason));

    /// <summary>Writes what is held back.</summary>
    public void Flush()
    {
        int length = _length;
        _length = 0;
        _output.Write(new ReadOnlySpan<byte>(_buffer.First, length));
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private int WriteId(Span<byte> to, FlowTracker packet)
    {
        FlowKey key = packet.Key;
        _addresses?.Replace(ref key);
        int message = packet.IcmpTypeAndCode;
        return !CommunityId.IsOfMessage(key.Protocol) ? CommunityId.Write(to, in key)
            : message < 0 ? 0
            : CommunityId.Write(to, in key, packet.IsFromB, (byte)(message >> 8), (byte)message);
    }

    private byte* Begin(long frame, long time)
    {
        byte* at = IntegerText.Write(_buffer.First + _length, (ulong)frame);
        *at++ = (byte)',';
        at = _times.Write(at, time);
        *at++ = (byte)',';
        return at;
    }

    private void End(byte* at)
    {
        *at++ = (byte)'\n';
        _length = (int)(at - _buffer.First);
        if (_length >= FlushFrom)
        {
            Flush();
        }
    }

    private static byte* Write(byte* at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(at, text.Length));
        return at + text.Length;
    }
}
