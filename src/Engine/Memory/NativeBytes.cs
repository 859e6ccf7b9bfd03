using System.Buffers;

namespace FlowMeter.Engine.Memory;

/// <summary>
/// Bytes of unmanaged memory for who wants a <see cref="Memory{T}"/>. The memory stays its owner's, and has to outlive this.
/// </summary>
internal sealed unsafe class NativeBytes(byte* first, int length) : MemoryManager<byte>
{
    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(first, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(first + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
