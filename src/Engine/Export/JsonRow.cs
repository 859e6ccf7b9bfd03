using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Writes a flow as a JSON object: numbers as numbers, times as RFC 3339 text, no spaces. What is not there is null. For one thread at a
/// time; the block of features outlives it.
/// </summary>
internal sealed unsafe class JsonRow : IDisposable
{
    private const int CopyStep = 32;

    private readonly Value[] _values;
    private readonly NativeColumn<byte> _keys;
    private RowText _text;

    /// <summary>Makes a writer.</summary>
    /// <param name="schema">What a row is made of.</param>
    /// <param name="features">The block that the features of every row come from.</param>
    /// <param name="hasElasticNames">Whether the names are those of the Elastic Common Schema.</param>
    public JsonRow(TableSchema schema, FeatureBlock features, bool hasElasticNames)
    {
        IReadOnlyList<JsonColumn> columns = hasElasticNames ? ElasticSchema.Of(schema.Columns) : JsonColumn.Of(schema.Columns);
        byte[] label = Escaped(schema.Label);
        _text = new RowText(label, TextQuoting.Json);
        (_values, _keys) = ValuesOf(columns, features, hasElasticNames ? ElasticSchema.Constants : "");
        MaxLength = _keys.Length + (columns.Count * RowText.MaxLength) + schema.Columns.Sum(RowText.LongestOf) + label.Length
            + schema.MaxExplanation;
    }

    /// <summary>Bytes of an object at most.</summary>
    public long MaxLength { get; }

    /// <summary>Writes an object. Returns the byte after its closing brace.</summary>
    /// <param name="at">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="records">The block of the flow.</param>
    /// <param name="scores">The scores of the block, where there are some.</param>
    /// <param name="i">The flow's number in the block.</param>
    public byte* Write(byte* at, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        foreach (ref readonly Value value in _values.AsSpan())
        {
            at = WriteValue(WriteKey(at, in value), in value, records, scores, i);
        }

        *at = (byte)'}';
        return at + 1;
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

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
