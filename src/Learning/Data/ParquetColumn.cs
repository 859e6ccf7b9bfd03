using System.Buffers;
using System.Globalization;
using System.Text;
using FlowMeter.Engine.Text;
using Parquet;
using Parquet.Data;
using Parquet.Meta;
using Parquet.Schema;
using Encoding = System.Text.Encoding;

namespace FlowMeter.Learning.Data;

/// <summary>The values that a row group of a Parquet file has of one column, as cells of CSV one after the other.</summary>
internal sealed class ParquetColumn : IDisposable
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private readonly DataField _field;
    private readonly long _nanoseconds;
    private RawColumnData? _data;
    private int _row;
    private int _value;

    /// <summary>Describes a column.</summary>
    /// <param name="field">What the library makes of it.</param>
    /// <param name="element">What the file says of it.</param>
    public ParquetColumn(DataField field, SchemaElement element)
    {
        Name = field.Name;
        _nanoseconds = element.Type == Parquet.Meta.Type.INT64 ? UnitOf(element) : 0;
        _field = field;
        if (_nanoseconds > 0)
        {
            // DateTime would cut nanoseconds off.
            _field = new DataField<long>(field.Name, field.IsNullable);
            _ = new ParquetSchema(_field);
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Writes text, in quotes where it has to be.</summary>
    public static void WriteText(ReadOnlySpan<char> text, IBufferWriter<byte> to)
    {
        if (text.ContainsAny(s_quoted))
        {
            text = $"\"{text.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }

        _ = Encoding.UTF8.GetBytes(text, to);
    }

    /// <summary>Reads the values of a row group.</summary>
    public void Load(ParquetRowGroupReader group)
    {
        _data?.Dispose();
        _data = group.ReadRawColumnDataBaseAsync(_field).AsTask().GetAwaiter().GetResult();
        (_row, _value) = (0, 0);
    }

    /// <summary>Writes the cell of the next row.</summary>
    public void WriteNext(IBufferWriter<byte> to)
    {
        int row = _row++;
        if (_field.IsNullable && _data!.DefinitionLevels[row] < _field.MaxDefinitionLevel)
        {
            return;
        }

        int value = _value++;
        switch (_data)
        {
            case RawColumnData<long> times when _nanoseconds > 0:
                WriteTime(times.Values[value] * (Int128)_nanoseconds, to);
                break;
            case RawColumnData<double> doubles:
                to.Advance(ShortestDouble.Format(to.GetSpan(64), doubles.Values[value]));
                break;
            case RawColumnData<ReadOnlyMemory<char>> texts:
                WriteText(texts.Values[value].Span, to);
                break;
            case RawColumnData<ReadOnlyMemory<byte>> bytes:
                WriteText(Encoding.UTF8.GetString(bytes.Values[value].Span), to);
                break;
            case RawColumnData<long> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<int> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<short> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<sbyte> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<ulong> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<uint> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<ushort> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<byte> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<float> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<decimal> numbers:
                Write(numbers.Values[value], to);
                break;
            case RawColumnData<bool> flags:
                to.Write(flags.Values[value] ? "true"u8 : "false"u8);
                break;
            case RawColumnData<DateTime> times:
                WriteTime((times.Values[value] - DateTime.UnixEpoch).Ticks * (Int128)TimeSpan.NanosecondsPerTick, to);
                break;
            default:
                throw new NotSupportedException($"the column {Name} has a type that no table has");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _data?.Dispose();

    /// <summary>The nanoseconds of a time's unit; 0 if it is no time.</summary>
    private static long UnitOf(SchemaElement element) => element.LogicalType?.TIMESTAMP?.Unit switch
    {
        { NANOS: not null } => 1,
        { MICROS: not null } => 1_000,
        { MILLIS: not null } => 1_000_000,
        _ => element.ConvertedType switch
        {
            ConvertedType.TIMESTAMP_MICROS => 1_000,
            ConvertedType.TIMESTAMP_MILLIS => 1_000_000,
            _ => 0,
        },
    };

    private static void Write<T>(T value, IBufferWriter<byte> to)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(to.GetSpan(64), out int length, default, CultureInfo.InvariantCulture);
        to.Advance(length);
    }

    private static void WriteTime(Int128 nanoseconds, IBufferWriter<byte> to)
    {
        const long second = 1_000_000_000;
        long fraction = (long)(((nanoseconds % second) + second) % second);
        DateTime time = DateTime.UnixEpoch.AddTicks((long)((nanoseconds - fraction) / second) * TimeSpan.TicksPerSecond);
        WriteText(string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}.{fraction:d9}Z"), to);
    }
}
