using System.Text;
using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>An output that keeps what is written as text.</summary>
internal sealed class TextOutput : RowOutput
{
    private readonly MemoryStream _bytes = new();

    /// <summary>All that was written.</summary>
    public string Text => Encoding.UTF8.GetString(_bytes.ToArray());

    /// <inheritdoc/>
    public override long Rows => 0;

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header) => _bytes.Write(header);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows) => _bytes.Write(rows);

    /// <inheritdoc/>
    public override void Complete()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _bytes.Dispose();
}
