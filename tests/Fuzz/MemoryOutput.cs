using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Fuzz;

/// <summary>An output that keeps all that it is given.</summary>
internal sealed class MemoryOutput : RowOutput
{
    private readonly MemoryStream _bytes = new();
    private readonly Lock _lock = new();

    public override long Rows => 0;

    public byte[] ToArray() => _bytes.ToArray();

    public override void Begin(ReadOnlySpan<byte> header) => Write(header);

    public override void Write(ReadOnlySpan<byte> rows)
    {
        lock (_lock)
        {
            _bytes.Write(rows);
        }
    }

    public override void Complete()
    {
    }

    protected override void Dispose(bool disposing) => _bytes.Dispose();
}
