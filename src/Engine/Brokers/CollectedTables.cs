using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Makes rows of a file's format of what sensors published. Text is written as it comes; columns are gathered until
/// <see cref="Flush"/>, so that a file has a few large batches in place of many small ones.
/// </summary>
/// <param name="options">The format, and what makes text of it.</param>
/// <param name="files">Where the rows go.</param>
internal sealed class CollectedTables(CollectorOptions options, CollectedFiles files) : IDisposable
{
    private readonly Dictionary<string, CollectedBatch> _batches = [];

    /// <summary>Takes the rows of a message. Returns how many there are.</summary>
    /// <exception cref="InvalidDataException">The message is not what it says; none of its rows is taken.</exception>
    /// <exception cref="OutputException">Its format can not be made the file's.</exception>
    /// <exception cref="IOException">The system refuses.</exception>
    public long Add(CollectedBlock block)
    {
        if (block.Format == TableFormat.Arrow.Name)
        {
            return AddBatches(block, ArrowTable.ReadAll(block.Body));
        }

        (byte[] header, byte[] rows) = options.Format == TableFormat.Csv && block.Format == TableFormat.Csv.Name
            ? block.ToCsv(block.Body.Span)
            : block.Format != TableFormat.JsonLines.Name ? throw Unreadable(block)
            : options.Format == TableFormat.Csv ? block.ToCsv(options.JsonToCsv(block))
            : options.Format == TableFormat.JsonLines ? ([], block.ToJsonLines())
            : throw Unreadable(block);
        files.Write(header, block.Schema, rows);
        return rows.AsSpan().Count((byte)'\n');
    }

    /// <summary>Writes what was gathered.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public void Flush()
    {
        foreach ((string table, CollectedBatch batch) in _batches)
        {
            Write(table, batch);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CollectedBatch batch in _batches.Values)
        {
            batch.Dispose();
        }
    }

    private long AddBatches(CollectedBlock block, IReadOnlyList<ArrowTable> tables)
    {
        long rows = 0;
        foreach (ArrowTable table in tables)
        {
            CollectedBatch batch = BatchOf(block.Schema, table);
            for (int from = 0; from < table.Rows;)
            {
                from += batch.Add(block.Sensor, table, from);
                if (batch.IsFull)
                {
                    Write(block.Schema, batch);
                }
            }

            rows += table.Rows;
        }

        return rows;
    }

    private CollectedBatch BatchOf(string schema, ArrowTable table)
    {
        if (!_batches.TryGetValue(schema, out CollectedBatch? batch))
        {
            batch = new CollectedBatch(table.Schema, options.Format.Batches!);
            _batches.Add(schema, batch);
        }

        return batch.Fits(table)
            ? batch
            : throw new InvalidDataException("columns are others than those of earlier messages of their schema");
    }

    private void Write(string table, CollectedBatch batch)
    {
        if (batch.Take() is { IsEmpty: false } rows)
        {
            files.Write(batch.Header, table, rows);
        }
    }

    private OutputException Unreadable(CollectedBlock block) => new(
        $"messages of {block.Sensor} are {block.Format}, of which {options.Format.Name} can not be made; have the sensor publish "
        + $"--format {TableFormat.Arrow.Name}, or give -o another ending.");
}
