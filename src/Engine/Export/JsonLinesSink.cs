using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Writes flows as JSON Lines: one object a flow, numbers as numbers, times as RFC 3339 text, no spaces. What is not there is null.
/// </summary>
internal sealed unsafe class JsonLinesSink : IFlowSink
{
    private const int FlushFrom = 256 << 10;
    private const int CopyStep = 32;

    private readonly RowOutput _output;
    private readonly Value[] _values;
    private readonly NativeColumn<byte> _keys;
    private readonly NativeColumn<byte> _buffer;
    private RowText _text;
    private int _length;

    /// <summary>Makes a sink; several may share one output.</summary>
    /// <param name="output">Where the rows go.</param>
    /// <param name="schema">What a row is made of.</param>
    /// <param name="features">The block that the features of every row come from.</param>
    /// <param name="hasElasticNames">Whether the names are those of the Elastic Common Schema.</param>
    public JsonLinesSink(RowOutput output, TableSchema schema, FeatureBlock features, bool hasElasticNames)
    {
        _output = output;
        IReadOnlyList<JsonColumn> columns = hasElasticNames ? ElasticSchema.Of(schema.Columns) : JsonColumn.Of(schema.Columns);
        byte[] label = Escaped(schema.Label);
        _text = new RowText(label);
        (_values, _keys) = ValuesOf(columns, features, hasElasticNames ? ElasticSchema.Constants : "");
        _buffer = new NativeColumn<byte>(
            FlushFrom + _keys.Length + (columns.Count * RowText.MaxLength) + label.Length + schema.MaxExplanation);
    }

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        for (int i = 0; i < records.Count; i++)
        {
            byte* at = _buffer.First + _length;
            foreach (ref readonly Value value in _values.AsSpan())
            {
                at = WriteValue(WriteKey(at, in value), in value, records, scores, i);
            }

            *at++ = (byte)'}';
            *at++ = (byte)'\n';
            _length = (int)(at - _buffer.First);
            if (_length >= FlushFrom)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        int length = _length;
        _length = 0;
        _output.Write(new ReadOnlySpan<byte>(_buffer.First, length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _buffer.Dispose();
    }

    private static byte[] Escaped(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes
        .ToArray();

    /// <summary>Where the values come from, and what stands before each of them, padded so that it is copied in whole steps.</summary>
    private static (Value[] Values, NativeColumn<byte> Keys) ValuesOf(
        IReadOnlyList<JsonColumn> columns, FeatureBlock features, string constants)
    {
        byte[][] keys =
        [
            .. columns.Select((column, number) =>
                (byte[])[.. Encoding.UTF8.GetBytes(number == 0 ? $"{{{constants}\"" : ",\""), .. Escaped(column.Key), .. "\":"u8]),
        ];
        NativeColumn<byte> room = new(keys.Sum(key => (long)Padded(key.Length)));
        Value[] values = new Value[columns.Count];
        byte* at = room.First;
        foreach ((int number, JsonColumn column) in columns.Index())
        {
            keys[number].CopyTo(new Span<byte>(at, keys[number].Length));
            nint data = column.Feature < 0 ? 0
                : column.Cell == JsonCell.Double ? (nint)features.Column(column.Feature)
                : (nint)features.Integers(column.Feature);
            values[number] = new Value(column.Cell, column.Source, data, (nint)at, keys[number].Length);
            at += Padded(keys[number].Length);
        }

        return (values, room);
    }

    private static int Padded(int length) => (length + CopyStep - 1) / CopyStep * CopyStep;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteKey(byte* at, in Value value)
    {
        for (int done = 0; done < value.KeyLength; done += CopyStep)
        {
            Vector256.Load((byte*)value.Key + done).Store(at + done);
        }

        return at + value.KeyLength;
    }

    private byte* WriteValue(byte* at, in Value value, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        switch (value.Cell)
        {
            case JsonCell.Integer:
                return IntegerText.Write(at, ((ulong*)value.Data)[i]);
            case JsonCell.Thousandths:
                return ThousandthsText.Write(at, ((ulong*)value.Data)[i]);
            case JsonCell.Double:
                double number = ((double*)value.Data)[i];
                return double.IsFinite(number) ? ShortestDouble.Write(at, number) : Append(at, "null"u8);
            case JsonCell.Number:
                return _text.Write(at, value.Source, records, scores, i);
            default:
                *at = (byte)'"';
                byte* end = WriteText(at + 1, in value, records, scores, i);
                if (end == at + 1)
                {
                    return Append(at, "null"u8);
                }

                *end = (byte)'"';
                return end + 1;
        }
    }

    private byte* WriteText(byte* at, in Value value, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        FlowHeader* header = records.Header(i);
        return value.Cell switch
        {
            JsonCell.NetworkType => Append(at, header->Key.Version == 4 ? "ipv4"u8 : "ipv6"u8),
            JsonCell.Transport when ProtocolKeyword.Of(header->Key.Protocol) is { Length: > 0 } name => Append(at, name),
            JsonCell.Transport => IntegerText.Write(at, header->Key.Protocol),
            _ => _text.Write(at, value.Source, records, scores, i),
        };
    }

    private static byte* Append(byte* at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(at, text.Length));
        return at + text.Length;
    }

    /// <summary>
    /// A value and what stands before it. <paramref name="Data"/> points to the values of a feature, in a block that outlives the sink.
    /// </summary>
    private readonly record struct Value(JsonCell Cell, ColumnSource Source, nint Data, nint Key, int KeyLength);
}
