using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Writes flows as records of IPFIX (RFC 7011), by the templates of their IP version: a biflow each (RFC 5103), or a record for each
/// direction, of which the first one has the features. The export time of a message is the newest time of its flows, so the same packets
/// make the same bytes.
/// </summary>
internal sealed unsafe class IpfixSink : IFlowSink
{
    private const int FlushFrom = 256 << 10;
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;
    private const int MaxStandard = 128;

    // From 1900, the epoch of NTP, to 1970.
    private const uint Epoch = 2_208_988_800;

    private readonly RowOutput _output;
    private readonly IpfixSequence _messages;
    private readonly int _maxMessage;
    private readonly bool _hasUniflows;
    private readonly Value[] _values;
    private readonly NativeColumn<byte> _buffer;
    private RowText _text;
    private byte* _message;
    private byte* _end;
    private long _newest;

    /// <summary>Makes a sink; several may share one output.</summary>
    /// <param name="output">Where the messages go.</param>
    /// <param name="schema">What a record is made of.</param>
    /// <param name="features">The block that the features of every flow come from.</param>
    public IpfixSink(RowOutput output, TableSchema schema, FeatureBlock features)
    {
        byte[] label = Encoding.UTF8.GetBytes(schema.Label);
        IReadOnlyList<IpfixColumn> columns = IpfixColumn.Of(schema);
        (_output, _messages, _maxMessage, _text) = (output, schema.Messages, schema.MaxMessage, new RowText(label));
        _hasUniflows = schema.HasUniflows;
        _values = [.. columns.Select(column => ValueOf(column.Column, features))];
        _buffer = new NativeColumn<byte>(
            FlushFrom + IpfixMessage.MaxLength + (2 * MaxStandard) + schema.Columns.Sum(RowText.LongestOf) + label.Length
            + schema.MaxExplanation);
        Restart();
    }

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        for (int i = 0; i < records.Count; i++)
        {
            byte* end = WriteFlow(_end, records, scores, i);
            long length = end - _end;
            if (end - _message > _maxMessage && _end > _message + IpfixMessage.Header)
            {
                Buffer.MemoryCopy(_end, _end + IpfixMessage.Header, length, length);
                Close();
                end = _end + length;
            }

            _newest = Math.Max(_newest, records.Header(i)->Last);
            _end = end;
            if (_end - _buffer.First >= FlushFrom)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_end > _message + IpfixMessage.Header)
        {
            Close();
        }

        int length = (int)(_message - _buffer.First);
        Restart();
        _messages.Write(_output, new Span<byte>(_buffer.First, length));
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private static Value ValueOf(Column column, FeatureBlock features) => new(
        column.Source,
        column.Feature < 0 ? 0
            : column.Source == ColumnSource.Double ? (nint)features.Column(column.Feature)
            : (nint)features.Integers(column.Feature));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Write(byte* at, ulong value)
    {
        *(ulong*)at = BinaryPrimitives.ReverseEndianness(value);
        return at + 8;
    }

    private static byte* Write(byte* at, ushort value)
    {
        *(ushort*)at = BinaryPrimitives.ReverseEndianness(value);
        return at + 2;
    }

    /// <summary>A fraction is rounded up: a reader that cuts its nanoseconds off gets ours, and so does one that rounds.</summary>
    private static byte* WriteNtp(byte* at, long time)
    {
        (long seconds, long rest) = Math.DivRem(time, Second);
        ulong fraction = (((ulong)rest << 32) + Second - 1) / Second;
        return Write(at, ((ulong)(uint)(seconds + Epoch) << 32) | fraction);
    }

    /// <summary>Writes both directions. Returns the byte after them.</summary>
    private static byte* WriteBiflow(byte* at, FlowRecordBlock records, int i)
    {
        FlowHeader* header = records.Header(i);
        bool forwardIsB = FlowIdText.ForwardIsB(header);
        at = WriteKey(at, records, i, forwardIsB);

        // biflowDirection: initiator, or reverseInitiator where the forward end is the one that answered.
        *at++ = (header->State & FlowState.FirstIsB) != 0 == forwardIsB ? (byte)1 : (byte)2;
        at = WriteTimes(at, header->First, header->Last);
        return WriteSums(WriteSums(at, records, i, forwardIsB), records, i, !forwardIsB);
    }

    /// <summary>Writes one direction. Returns the byte after it.</summary>
    private static byte* WriteUniflow(byte* at, FlowRecordBlock records, int i, bool fromB)
    {
        FlowHeader* header = records.Header(i);
        bool hasFirst = (header->State & FlowState.FirstIsB) != 0 == fromB;
        long first = hasFirst || !HasSent(header, fromB) ? header->First : records.Columns.ColdFields(FlowColumns.RowOf(i))->OtherFirst;
        at = WriteTimes(WriteKey(at, records, i, fromB), first, Math.Max(first, fromB ? header->LastB : header->LastA));
        return WriteSums(at, records, i, fromB);
    }

    /// <summary>Writes the ends, the protocol and the reason.</summary>
    private static byte* WriteKey(byte* at, FlowRecordBlock records, int i, bool fromB)
    {
        FlowHeader* header = records.Header(i);
        int size = header->Key.Version == 4 ? 4 : 16;
        byte* a = (byte*)header + 16 - size;
        byte* b = a + 16;
        Buffer.MemoryCopy(fromB ? b : a, at, size, size);
        Buffer.MemoryCopy(fromB ? a : b, at + size, size, size);
        at = Write(at + (2 * size), fromB ? header->Key.PortB : header->Key.PortA);
        at = Write(at, fromB ? header->Key.PortA : header->Key.PortB);
        *at++ = header->Key.Protocol;
        *at++ = (byte)records.Reasons[i];
        return at;
    }

    private static byte* WriteTimes(byte* at, long first, long last)
    {
        at = Write(Write(at, (ulong)(first / Millisecond)), (ulong)(last / Millisecond));
        return WriteNtp(WriteNtp(at, first), last);
    }

    private static bool HasSent(FlowHeader* header, bool isB) => (header->State & (isB ? FlowState.SeenB : FlowState.SeenA)) != 0;

    private static byte* WriteSums(byte* at, FlowRecordBlock records, int i, bool isB)
    {
        bool hasSent = HasSent(records.Header(i), isB);
        EndpointSums* sums = records.Columns.Endpoint(FlowColumns.RowOf(i), isB ? (byte)1 : (byte)0);
        return Write(Write(at, hasSent ? sums->Packets : 0), hasSent ? sums->Bytes : 0);
    }

    private static void WriteSetHeader(byte* set, ushort template, byte* end) =>
        Write(Write(set, template), (ushort)(end - set));

    /// <summary>Writes the set of each record of a flow. Returns the byte after them.</summary>
    private byte* WriteFlow(byte* set, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        FlowHeader* header = records.Header(i);
        (bool isV4, bool forwardIsB) = (header->Key.Version == 4, FlowIdText.ForwardIsB(header));
        byte* at = set + IpfixMessage.SetHeader;
        at = _hasUniflows ? WriteUniflow(at, records, i, forwardIsB) : WriteBiflow(at, records, i);
        foreach (ref readonly Value value in _values.AsSpan())
        {
            switch (value.Source)
            {
                case ColumnSource.Integer or ColumnSource.Double:
                    at = Write(at, ((ulong*)value.Data)[i]);
                    break;
                case ColumnSource.Thousandths:
                    at = Write(at, BitConverter.DoubleToUInt64Bits(((ulong*)value.Data)[i] / 1000.0));
                    break;
                case ColumnSource.Score:
                    at = Write(at, BitConverter.DoubleToUInt64Bits(scores!.Probability(i)));
                    break;
                default:
                    at = WriteText(at, value.Source, records, scores, i);
                    break;
            }
        }

        WriteSetHeader(set, isV4 ? IpfixMessage.FlowV4 : IpfixMessage.FlowV6, at);
        if (_hasUniflows && HasSent(header, !forwardIsB))
        {
            byte* back = at;
            at = WriteUniflow(back + IpfixMessage.SetHeader, records, i, !forwardIsB);
            WriteSetHeader(back, isV4 ? IpfixMessage.BackV4 : IpfixMessage.BackV6, at);
        }

        return at;
    }

    /// <summary>A text behind its length: a byte, or 255 and two bytes (RFC 7011 §7).</summary>
    private byte* WriteText(byte* at, ColumnSource source, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        const int Long = 255;
        byte* text = at + 1;
        long length = _text.Write(text, source, records, scores, i) - text;
        if (length < Long)
        {
            *at = (byte)length;
            return text + length;
        }

        Buffer.MemoryCopy(text, text + 2, length, length);
        *at = Long;
        return Write(text, (ushort)length) + length;
    }

    /// <summary>Ends the message and begins the next one behind it.</summary>
    private void Close()
    {
        IpfixMessage.WriteHeader(new Span<byte>(_message, (int)(_end - _message)), (uint)(_newest / Second));
        _message = _end;
        _end += IpfixMessage.Header;
        _newest = 0;
    }

    private void Restart()
    {
        _message = _buffer.First;
        _end = _message + IpfixMessage.Header;
    }

    /// <summary>
    /// A field behind the standard part. <paramref name="Data"/> points to a feature's values, in a block that outlives the sink.
    /// </summary>
    private readonly record struct Value(ColumnSource Source, nint Data);
}
