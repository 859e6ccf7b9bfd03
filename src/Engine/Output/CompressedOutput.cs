using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>
/// Compresses rows on their way to an output: each block of rows by itself, so that every block that is written can be read, whatever
/// becomes of the next one. For one thread at a time; several may share the output behind it.
/// </summary>
/// <param name="output">Where the blocks go; its framing is that of <see cref="CompressedFraming"/>. Stays the caller's.</param>
/// <param name="compression">gzip or zstd.</param>
/// <param name="framing">How the rows are told apart before they are compressed.</param>
internal sealed class CompressedOutput(RowOutput output, OutputCompression compression, RowFraming framing) : RowOutput
{
    private readonly MemoryStream _block = new();

    /// <inheritdoc/>
    public override long Rows => output.Rows;

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header) => output.Begin(header.IsEmpty ? header : Compress(header, 0));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        if (!rows.IsEmpty)
        {
            output.Write(Compress(rows, (uint)framing.Whole(rows).Rows));
        }
    }

    /// <inheritdoc/>
    public override void Complete() => output.Complete();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _block.Dispose();

    private ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> bytes, uint rows)
    {
        try
        {
            if (compression == OutputCompression.Gzip)
            {
                GzipMember.Write(bytes, rows, _block);
            }
            else
            {
                ZstandardFrame.Write(bytes, rows, _block);
            }
        }
        catch (ZstandardException e)
        {
            throw new OutputException($"the table can not be compressed: {e.Message}", e);
        }

        return _block.GetBuffer().AsSpan(0, (int)_block.Length);
    }
}
