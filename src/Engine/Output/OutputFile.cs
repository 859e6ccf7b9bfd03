using FlowMeter.Engine.Text;
using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>
/// One output whose first failure ends the run. A file appears under its name only when it is complete: it is written beside it, with
/// <c>.partial</c> at the end of the name, and <see cref="Complete"/> gives it its name. Pipes, terminals and devices are written to
/// directly. Several threads may write whole rows at once.
/// </summary>
public sealed class OutputFile : RowOutput
{
    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly OutputHandle _output;
    private readonly RowFraming _framing;
    private readonly FileTrailer? _trailer;
    private OutputException? _failure;
    private long _rows;
    private bool _hasRows;

    private OutputFile(string name, OutputHandle output, RowFraming framing)
    {
        _name = name;
        _output = output;
        _framing = framing;
        _trailer = framing.CreateTrailer();
    }

    /// <summary>Where the rows stay if the output is not completed; null where there are none, or no file.</summary>
    public string? Partial => _hasRows ? _output.Partial : null;

    /// <inheritdoc/>
    public override long Rows => _rows;

    /// <summary>Opens an output; opening a pipe waits for its reader.</summary>
    /// <param name="path">A file, which is replaced as a whole, also behind a symbolic link; a pipe, a device, or
    /// <see cref="OutputPath.StandardOutput"/>.</param>
    /// <param name="framing">How its rows are told apart; null for lines.</param>
    /// <exception cref="OutputException">It can not be written to.</exception>
    public static OutputFile Open(string path, RowFraming? framing = null)
    {
        try
        {
            return new OutputFile(OutputPath.NameOf(path), OutputHandle.Open(path), framing ?? RowFraming.Lines);
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            throw new OutputException($"{path}: can not be written: {FailureReason.Of(e)}; choose another place.", e);
        }
    }

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        try
        {
            Append(header);
        }
        catch (OutputException e) when (e.IsClosedPipe)
        {
            // As if the reader had gone a moment later: the first row finds out, and what was metered by then has its summary.
        }
    }

    /// <summary>Appends rows, all or none.</summary>
    /// <exception cref="OutputException">This or an earlier write failed.</exception>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        lock (_lock)
        {
            Append(rows);
            _rows += _framing.Whole(rows).Rows;
            _hasRows |= !rows.IsEmpty;
        }
    }

    /// <summary>The same output for writers that want a stream. Closing the stream leaves the output open.</summary>
    public Stream AsStream() => new Writer(this);

    /// <summary>
    /// Gives the file its name, in place of the one that has it. The file is on the disk before it has its name (fsync), and the name
    /// after. Not to be called after a failure.
    /// </summary>
    /// <exception cref="OutputException">The file can not get its name.</exception>
    public override void Complete()
    {
        if (_trailer != null)
        {
            Append(_trailer.End(), isTrailer: true);
        }

        try
        {
            _output.Finish();
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            throw Failure(e);
        }
    }

    /// <summary>Gives the file up: what was written of it is deleted.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            _hasRows = false;
            _output.Discard();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_hasRows)
        {
            _output.Dispose();
        }
        else
        {
            _output.Discard();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes, bool isTrailer = false)
    {
        if (_failure != null)
        {
            throw _failure;
        }

        try
        {
            _output.Append(bytes);
            if (!isTrailer)
            {
                _trailer?.Add(bytes);
            }
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            _failure = Failure(e);
            throw _failure;
        }
    }

    private OutputException Failure(Exception cause)
    {
        if (cause.HResult == Descriptors.BrokenPipe)
        {
            return new OutputException($"{_name}: nobody reads it any more.", cause) { IsClosedPipe = true };
        }

        string kept = File.Exists(Partial) ? $"; the {_output.Length} bytes before are in {Partial}" : "";
        string reason = FailureReason.Of(cause);
        return new OutputException($"{_name}: writing failed: {reason}{kept}. Make room or choose another place.", cause);
    }

    private sealed class Writer(OutputFile output) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);
    }
}
