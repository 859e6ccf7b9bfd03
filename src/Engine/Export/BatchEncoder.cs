namespace FlowMeter.Engine.Export;

/// <summary>Writes batches of columns as rows of a format. For one thread at a time.</summary>
internal abstract class BatchEncoder : IDisposable
{
    /// <summary>Encodes a batch.</summary>
    /// <param name="columns">Its columns, those of the encoder's schema.</param>
    /// <param name="count">Its rows, at least 1.</param>
    /// <returns>The rows, valid until the next call.</returns>
    public abstract ReadOnlySpan<byte> Encode(IReadOnlyList<BatchColumn> columns, int count);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the encoder has.</summary>
    /// <param name="disposing">Always true: an encoder has no unmanaged memory.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
