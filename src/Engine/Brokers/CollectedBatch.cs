using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Brokers;

/// <summary>Rows of several sensors, of columns that are the same but for the sensor's name in front, until they are written.</summary>
internal sealed class CollectedBatch : IDisposable
{
    // Of all that tables say of how they were made, rows of several runs share this.
    private const string SharedMetadata = "flowmeter.profile";

    private readonly BatchSchema _messages;
    private readonly BatchColumn[] _columns;
    private readonly BatchEncoder _encoder;
    private readonly int _capacity;
    private int _count;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="messages">What the tables of messages are made of.</param>
    /// <param name="format">How rows are written.</param>
    public CollectedBatch(BatchSchema messages, BatchFormat format)
    {
        _messages = messages;
        BatchSchema schema = new(
            [new BatchField("sensor", ColumnType.Enumeration), .. messages.Fields],
            [.. messages.Metadata.Where(pair => pair.Key == SharedMetadata)]);
        Header = format.Header(schema);
        _encoder = format.CreateEncoder(schema);
        _capacity = FlowBatch.RowsOf(FlowBatch.DefaultBytes, schema.Fields.Count);
        _columns = [.. schema.Fields.Select(field => new BatchColumn(field, _capacity))];
    }

    /// <summary>What stands before the first row of a file.</summary>
    public byte[] Header { get; }

    /// <summary>Whether there is no room.</summary>
    public bool IsFull => _count == _capacity;

    /// <summary>Whether a table has the columns of this batch.</summary>
    public bool Fits(ArrowTable table) => _messages.Fields.SequenceEqual(table.Schema.Fields);

    /// <summary>Appends as many rows of a table as there is room for. Returns how many.</summary>
    /// <param name="sensor">The sensor's name.</param>
    /// <param name="table">The table, which fits.</param>
    /// <param name="from">The first of the rows.</param>
    public int Add(string sensor, ArrowTable table, int from)
    {
        int count = Math.Min(table.Rows - from, _capacity - _count);
        byte[] name = Encoding.UTF8.GetBytes(sensor);
        for (int i = 0; i < count; i++)
        {
            _columns[0].AddText(_count + i, name);
        }

        for (int i = 1; i < _columns.Length; i++)
        {
            table.Copy(i - 1, from, count, _columns[i], _count);
        }

        _count += count;
        return count;
    }

    /// <summary>Empties the batch.</summary>
    /// <returns>Its rows as they are written, valid until the next call; empty if it has none.</returns>
    public ReadOnlySpan<byte> Take()
    {
        if (_count == 0)
        {
            return [];
        }

        ReadOnlySpan<byte> rows = _encoder.Encode(_columns, _count);
        Array.ForEach(_columns, column => column.Clear());
        _count = 0;
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        Array.ForEach(_columns, column => column.Dispose());
    }
}
