using FlowMeter.Engine.Output;

namespace FlowMeter.Bench;

/// <summary>Keeps the rows that were written last.</summary>
internal sealed class MemoryOutput : RowOutput
{
    private readonly byte[] _bytes = new byte[1 << 20];
    private int _length;

    /// <inheritdoc/>
    public override long Rows => 0;

    /// <summary>The rows.</summary>
    public ReadOnlySpan<byte> Last => _bytes.AsSpan(0, _length);

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        rows.CopyTo(_bytes);
        _length = rows.Length;
    }

    /// <inheritdoc/>
    public override void Complete()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
