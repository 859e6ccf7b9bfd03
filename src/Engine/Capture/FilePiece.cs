namespace FlowMeter.Engine.Capture;

/// <summary>A piece of a file that was reserved for a batch, and what was read of it.</summary>
internal sealed class FilePiece
{
    private ReadAhead? _file;
    private Exception? _failure;

    /// <summary>Where it begins in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of it.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of it that the file has.</summary>
    public int Read { get; private set; }

    /// <summary>Notes a piece of a file.</summary>
    public void Reserve(ReadAhead file, long offset, int length) => (_file, Offset, Length) = (file, offset, length);

    /// <summary>Reads it, as far as the file goes. What fails is told to who takes it.</summary>
    /// <param name="to">Room for all of it.</param>
    public void Fetch(Span<byte> to)
    {
        Read = 0;
        _failure = null;
        try
        {
            for (int read = 1; Read < Length && read > 0; Read += read)
            {
                read = _file!.Read(to[Read..Length], Offset + Read);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            // It is closed where the turn has gone on to the next file meanwhile; then nobody takes this.
            _failure = e;
        }
    }

    /// <summary>Takes it, if there is one that is what follows in a file.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="failure">Why it was not read to its end.</param>
    public bool TryTake(ReadAhead? file, out Exception? failure)
    {
        ReadAhead? own = _file;
        _file = null;
        bool isNext = own != null && own == file && own.TryTake(this);
        failure = isNext ? _failure : null;
        return isNext;
    }
}
