using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Records of one worker for one output, which get there many at a time. They are in order; between those of several workers the output's
/// lock decides.
/// </summary>
internal sealed unsafe class RecordBuffer(RowOutput output) : IDisposable
{
    private const int Capacity = 256 << 10;

    private readonly NativeColumn<byte> _bytes = new(Capacity);
    private int _used;

    /// <summary>Takes whole records.</summary>
    public void Add(ReadOnlySpan<byte> records)
    {
        if (records.Length > Capacity - _used)
        {
            Flush();
        }

        if (records.Length > Capacity)
        {
            output.Write(records);
            return;
        }

        records.CopyTo(new Span<byte>(_bytes.First + _used, records.Length));
        _used += records.Length;
    }

    /// <summary>Hands on what it has.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            output.Write(new ReadOnlySpan<byte>(_bytes.First, _used));
            _used = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
