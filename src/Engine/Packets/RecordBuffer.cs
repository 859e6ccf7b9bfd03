using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Collects capture records for an output, which gets many at a time and only whole ones, so that what a full disk leaves can be read.
/// They stay in order; between those of several buffers the output's lock decides. For one thread; the output stays the caller's.
/// </summary>
internal sealed class RecordBuffer(RowOutput output)
{
    private const int Capacity = 256 << 10;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _used;

    /// <summary>Takes whole records, which are copied.</summary>
    /// <exception cref="OutputException">They can not be written.</exception>
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

        records.CopyTo(_bytes.AsSpan(_used));
        _used += records.Length;
    }

    /// <summary>Writes what is held back.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    public void Flush()
    {
        int used = _used;
        _used = 0;
        if (used > 0)
        {
            output.Write(_bytes.AsSpan(0, used));
        }
    }
}
