using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace FlowMeter.Learning.Data;

/// <summary>A column of a Parquet file whose values the library reads as one type.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <param name="field">The column.</param>
/// <param name="write">Writes a value that is there.</param>
internal sealed class ParquetValues<T>(DataField field, Action<T, IBufferWriter<byte>> write) : ParquetColumn(field.Name)
    where T : struct
{
    // The library gives values that are there, behind each other, and for each row whether it has one.
    private T[] _values = [];
    private int[] _levels = [];
    private int _row;
    private int _value;

    /// <inheritdoc/>
    public override void Load(ParquetRowGroupReader group)
    {
        int rows = checked((int)group.RowCount);
        if (_values.Length < rows)
        {
            _values = new T[rows];
            _levels = field.IsNullable ? new int[rows] : [];
        }

        Memory<int>? levels = field.IsNullable ? _levels.AsMemory(0, rows) : default(Memory<int>?);
        group.ReadRawAsync(field, _values.AsMemory(0, rows), levels, null).AsTask().GetAwaiter().GetResult();
        (_row, _value) = (0, 0);
    }

    /// <inheritdoc/>
    public override void WriteNext(IBufferWriter<byte> to)
    {
        if (!field.IsNullable || _levels[_row] == field.MaxDefinitionLevel)
        {
            write(_values[_value++], to);
        }

        _row++;
    }
}
