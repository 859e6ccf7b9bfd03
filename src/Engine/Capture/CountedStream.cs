namespace FlowMeter.Engine.Capture;

/// <summary>Counts the bytes that are read through it, for a progress display on another thread. Owns the stream it reads.</summary>
public sealed class CountedStream(Stream stream, InputProgress progress) : ReadOnlyStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = stream.Read(buffer);
        progress.Add(read);
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
