namespace FlowMeter.Engine.Output;

/// <summary>
/// What a <see cref="ResilientOutput"/> writes to: the part that knows files or pipes. It throws at a failure and can be tried again
/// afterwards. For one thread at a time.
/// </summary>
internal abstract class OutputTarget : IDisposable
{
    /// <summary>Rows that are written, the header not among them. After a failure the difference says how many of a block were.</summary>
    public long Rows { get; protected set; }

    /// <summary>Bytes of these rows.</summary>
    public long Bytes { get; protected set; }

    /// <summary>Rows that were written, and then lost with a file that somebody took away before it had its name.</summary>
    public virtual long RowsTaken => 0;

    /// <summary>Bytes of these rows.</summary>
    public virtual long BytesTaken => 0;

    /// <summary>Whether nothing can be written any more, so that it makes no sense to try again.</summary>
    public virtual bool IsGone => false;

    /// <summary>Files that have rows and ended, but not their name.</summary>
    public virtual int UnnamedFiles => 0;

    /// <summary>What is to be done about a failure, for the line that reports it.</summary>
    public abstract string AdviceFor(Exception failure);

    /// <summary>Takes the header, which stands before the first row of every file and for every reader of a pipe.</summary>
    public abstract void Begin(ReadOnlySpan<byte> header);

    /// <summary>Writes whole rows.</summary>
    /// <exception cref="IOException">Not all of them could be.</exception>
    /// <exception cref="UnauthorizedAccessException">None of them could be.</exception>
    public abstract void Write(ReadOnlySpan<byte> rows);

    /// <summary>Does what is due by the clock when no rows come.</summary>
    public virtual void Tick()
    {
    }

    /// <summary>Tries to get over a failure without rows at hand. Returns whether it is known that rows can be written again.</summary>
    public virtual bool TryRecover() => false;

    /// <summary>Ends the file that is being written; the next row begins another.</summary>
    public virtual void Rotate()
    {
    }

    /// <summary>At the end: ends the last file; a run that wrote no row leaves one that has the header alone.</summary>
    /// <exception cref="IOException">That file can not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public virtual void EndLast()
    {
    }

    /// <summary>At the end: writes what is left of a row that was torn, if there is one.</summary>
    public virtual void FinishRow()
    {
    }

    /// <summary>
    /// Does what may take long, such as waiting for the disk. Called without the lock of the output, by one thread at a time, while others
    /// write.
    /// </summary>
    public virtual void FinishFiles()
    {
    }

    /// <summary>At the very end: counts as taken the rows of files that have no name and are not where they were.</summary>
    public virtual void GiveUp()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
