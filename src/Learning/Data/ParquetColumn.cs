using System.Buffers;
using System.Globalization;
using System.Text;
using FlowMeter.Engine.Text;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Encoding = System.Text.Encoding;

namespace FlowMeter.Learning.Data;

/// <summary>The values that a row group of a Parquet file has of one column, as cells of CSV one after the other.</summary>
internal abstract class ParquetColumn
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private protected ParquetColumn(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Describes a column; null where its values are no single ones, or of a type that no table has.</summary>
    /// <param name="field">What the library makes of it.</param>
    /// <param name="element">What the file says of it.</param>
    public static ParquetColumn? Of(Field field, SchemaElement element)
    {
        if (field is not DataField { IsArray: false } single)
        {
            return null;
        }

        if (element.Type == Parquet.Meta.Type.INT64 && UnitOf(element) is var unit and > 0)
        {
            // DateTime would cut nanoseconds off.
            DataField<long> times = new(field.Name, field.IsNullable);
            _ = new ParquetSchema(times);
            return new ParquetValues<long>(times, (value, to) => WriteTime(value * (Int128)unit, to));
        }

        System.Type type = single.ClrType;
        return type == typeof(double) ? new ParquetValues<double>(single, (value, to) =>
                to.Advance(ShortestDouble.Format(to.GetSpan(ShortestDouble.MaxLength), value)))
            : type == typeof(ReadOnlyMemory<char>) ? new ParquetValues<ReadOnlyMemory<char>>(single, (value, to) =>
                WriteText(value.Span, to))
            : type == typeof(ReadOnlyMemory<byte>) ? new ParquetValues<ReadOnlyMemory<byte>>(single, (value, to) =>
                WriteText(Encoding.UTF8.GetString(value.Span), to))
            : type == typeof(bool) ? new ParquetValues<bool>(single, (value, to) => to.Write(value ? "true"u8 : "false"u8))
            : type == typeof(DateTime) ? new ParquetValues<DateTime>(single, (value, to) =>
                WriteTime((value - DateTime.UnixEpoch).Ticks * (Int128)TimeSpan.NanosecondsPerTick, to))
            : type == typeof(long) ? Number<long>(single)
            : type == typeof(int) ? Number<int>(single)
            : type == typeof(short) ? Number<short>(single)
            : type == typeof(sbyte) ? Number<sbyte>(single)
            : type == typeof(ulong) ? Number<ulong>(single)
            : type == typeof(uint) ? Number<uint>(single)
            : type == typeof(ushort) ? Number<ushort>(single)
            : type == typeof(byte) ? Number<byte>(single)
            : type == typeof(float) ? Number<float>(single)
            : type == typeof(decimal) ? Number<decimal>(single)
            : null;
    }

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
    public abstract void Load(ParquetRowGroupReader group);

    /// <summary>Writes the cell of the next row.</summary>
    public abstract void WriteNext(IBufferWriter<byte> to);

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

    private static ParquetValues<T> Number<T>(DataField field)
        where T : struct, IUtf8SpanFormattable => new(field, (value, to) =>
    {
        value.TryFormat(to.GetSpan(64), out int length, default, CultureInfo.InvariantCulture);
        to.Advance(length);
    });

    private static void WriteTime(Int128 nanoseconds, IBufferWriter<byte> to)
    {
        const long second = 1_000_000_000;
        long fraction = (long)(((nanoseconds % second) + second) % second);
        DateTime time = DateTime.UnixEpoch.AddTicks((long)((nanoseconds - fraction) / second) * TimeSpan.TicksPerSecond);
        WriteText(string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}.{fraction:d9}Z"), to);
    }
}
