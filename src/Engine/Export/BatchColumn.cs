using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Export;

/// <summary>
/// The values of one column of a batch, laid out as Arrow's arrays are: 64-bit integers, doubles, nanoseconds since 1970, or UTF-8 behind
/// 32-bit offsets with a bit for each text that is there. It owns its memory.
/// </summary>
internal sealed unsafe class BatchColumn : IDisposable
{
    private const int FirstTextBytes = 64 << 10;

    private readonly NativeColumn<long>? _values;
    private readonly NativeColumn<int>? _offsets;
    private readonly NativeColumn<byte>? _valid;
    private NativeColumn<byte>? _text;

    /// <summary>Makes an empty column.</summary>
    /// <param name="field">What it holds.</param>
    /// <param name="capacity">Rows at most.</param>
    public BatchColumn(BatchField field, int capacity)
    {
        Field = field;
        if (!field.IsText)
        {
            _values = new NativeColumn<long>(capacity);
            return;
        }

        _offsets = new NativeColumn<int>(capacity + 1);
        _valid = new NativeColumn<byte>((capacity + 7) / 8);
        _text = new NativeColumn<byte>(FirstTextBytes);
    }

    /// <summary>What it holds.</summary>
    public BatchField Field { get; }

    /// <summary>Texts that are not there.</summary>
    public int Nulls { get; private set; }

    /// <summary>Room for the values of all rows, where they are no texts.</summary>
    public long* Values => _values!.First;

    /// <summary>The values, where they are no texts, as the bits of each.</summary>
    public ReadOnlySpan<ulong> ValuesOf(int count) => new(_values!.First, count);

    /// <summary>Where each text begins, and the last one ends: one offset more than rows.</summary>
    public ReadOnlySpan<int> OffsetsOf(int count) => new(_offsets!.First, count + 1);

    /// <summary>The texts behind each other.</summary>
    public ReadOnlySpan<byte> TextOf(int count) => new(_text!.First, _offsets![count]);

    /// <summary>Which texts are there: a bit for each row, the lowest of a byte first.</summary>
    public ReadOnlySpan<byte> ValidOf(int count) => new(_valid!.First, (count + 7) / 8);

    /// <summary>The text of a row; empty where it has none.</summary>
    public ReadOnlySpan<byte> TextAt(int row) => new(_text!.First + _offsets![row], _offsets[row + 1] - _offsets[row]);

    /// <summary>Makes room for texts behind those of the rows before. Pointers that were given before are dead.</summary>
    /// <param name="row">The first row of them.</param>
    /// <param name="bytes">Their bytes at most.</param>
    public void Reserve(int row, long bytes)
    {
        int kept = _offsets![row];
        if (kept + bytes <= _text!.Length)
        {
            return;
        }

        NativeColumn<byte> larger = new(Math.Max(kept + bytes, 2 * _text.Length));
        new Span<byte>(_text.First, kept).CopyTo(new Span<byte>(larger.First, kept));
        _text.Dispose();
        _text = larger;
    }

    /// <summary>Where the text of a row begins, for which there is room (<see cref="Reserve"/>).</summary>
    public byte* BeginText(int row) => _text!.First + _offsets![row];

    /// <summary>Ends the text of a row; none is there if it is empty.</summary>
    public void EndText(int row, byte* end)
    {
        int length = (int)(end - BeginText(row));
        _offsets![row + 1] = _offsets[row] + length;
        if (length > 0)
        {
            _valid!.First[row >> 3] |= (byte)(1 << (row & 7));
        }
        else
        {
            Nulls++;
        }
    }

    /// <summary>Appends values that are no texts, as the bits of each.</summary>
    /// <param name="count">Rows that are there already.</param>
    /// <param name="values">The values of the next rows; there must be room for them.</param>
    public void AddValues(int count, ReadOnlySpan<ulong> values) =>
        values.CopyTo(new Span<ulong>(_values!.First, (int)_values.Length)[count..]);

    /// <summary>Appends the text of a row.</summary>
    public void AddText(int row, ReadOnlySpan<byte> text)
    {
        Reserve(row, text.Length);
        byte* at = BeginText(row);
        text.CopyTo(new Span<byte>(at, text.Length));
        EndText(row, at + text.Length);
    }

    /// <summary>Empties the column.</summary>
    public void Clear()
    {
        Nulls = 0;
        if (_valid != null)
        {
            new Span<byte>(_valid.First, (int)_valid.Length).Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values?.Dispose();
        _offsets?.Dispose();
        _valid?.Dispose();
        _text?.Dispose();
    }
}
