using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Data;

/// <summary>
/// The rows of a metering process that writes CSV, read as those of a table while they are written, with no file between. Several threads
/// may write; rows are read one after the other, on the thread that has written them.
/// </summary>
/// <param name="name">The name of the table in messages.</param>
/// <param name="begin">Takes the table once its columns are known, before the first row. What it throws, the process throws.</param>
/// <param name="row">Takes the table at each of its rows. What it throws, the process throws.</param>
/// <param name="block">Called behind each block of rows; null: nobody waits for the end of one.</param>
public sealed class MeteredRows(
    string name, Action<FlowTableReader> begin, Action<FlowTableReader> row, Action? block = null) : RowOutput
{
    private readonly Lock _lock = new();
    private readonly BlockStream _blocks = new();
    private FlowTableReader? _table;

    /// <inheritdoc/>
    public override long Rows => _table?.Rows ?? 0;

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        _blocks.Put(header);
        _table = new FlowTableReader(new CsvReader(_blocks, name), name, _ => { });
        begin(_table);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            _blocks.Put(rows);
            _table!.Resume();
            while (_table.Read())
            {
                row(_table);
            }

            block?.Invoke();
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _table?.Dispose();

    /// <summary>Bytes that come in blocks; between two of them it is at its end.</summary>
    private sealed class BlockStream : ReadOnlyStream
    {
        private byte[] _block = [];
        private int _from;
        private int _end;

        public void Put(ReadOnlySpan<byte> block)
        {
            if (block.Length > _block.Length)
            {
                _block = new byte[2 * block.Length];
            }

            block.CopyTo(_block);
            (_from, _end) = (0, block.Length);
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, _end - _from);
            _block.AsSpan(_from, count).CopyTo(buffer);
            _from += count;
            return count;
        }
    }
}
