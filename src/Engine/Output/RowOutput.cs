namespace FlowMeter.Engine.Output;

/// <summary>
/// Where the rows of a table go: one call for a block of rows, from any number of threads. A row is a line unless <see cref="RowFraming"/>
/// says otherwise, so what a block holds can be counted without being told.
/// </summary>
public abstract class RowOutput : IDisposable
{
    /// <summary>Rows that were written, the header not among them.</summary>
    public abstract long Rows { get; }

    /// <summary>Takes the header row, once and before all others.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    public abstract void Begin(ReadOnlySpan<byte> header);

    /// <summary>Takes whole rows, lines with their line feed.</summary>
    /// <exception cref="OutputException">The output gives up at a failure, and this or an earlier write failed.</exception>
    public abstract void Write(ReadOnlySpan<byte> rows);

    /// <summary>Says that the table is whole: a file gets its name.</summary>
    /// <exception cref="OutputException">The output gives up at a failure, and the file can not be renamed.</exception>
    public abstract void Complete();

    /// <summary>Closes the output. What was not completed stays under its partial name, unless there are no rows in it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the output holds open.</summary>
    protected abstract void Dispose(bool disposing);
}
