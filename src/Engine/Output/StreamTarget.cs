using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>
/// Standard output, a named pipe or a device, written to where it is. A named pipe whose reader goes away is opened again when another one
/// comes, which gets the header first; a descriptor that the process was given can not be opened again. A reader that takes nothing for a
/// second loses rows instead of holding up the capture, and never sees a torn one: the rest of a row goes out before anything else.
/// </summary>
internal sealed class StreamTarget : OutputTarget
{
    private const int PatienceMs = 1000;

    private readonly string _path;
    private readonly RowFraming _framing;
    private readonly bool _isInherited;
    private StreamHandle? _stream;
    private byte[] _header = [];
    private byte[] _rest = [];
    private long _restRows;
    private bool _restIsRow;
    private FileTrailer? _trailer;
    private bool _isStalled;

    /// <summary>Opens a pipe or a device; a pipe without a reader is opened later.</summary>
    /// <param name="path">What to open.</param>
    /// <param name="framing">How its rows are told apart.</param>
    /// <exception cref="IOException">It can not be opened.</exception>
    public StreamTarget(string path, RowFraming framing)
    {
        _framing = framing;
        _path = path;
        _isInherited = OutputPath.DescriptorOf(path) != null;
        try
        {
            _stream = StreamHandle.Open(path, waits: false);
        }
        catch (IOException e) when (e.HResult == Descriptors.NobodyReads)
        {
            // Write says so.
        }
    }

    /// <inheritdoc/>
    public override bool IsGone => _isInherited && _stream == null;

    /// <inheritdoc/>
    public override string AdviceFor(Exception failure) => failure.HResult switch
    {
        Descriptors.BrokenPipe when IsGone => "start again, with a file or a named pipe",
        Descriptors.BrokenPipe or Descriptors.NobodyReads => "start a reader",
        _ => OutputFailure.IsFull(failure) ? "make room" : "see what keeps its reader",
    };

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        _header = header.ToArray();
        Greet();
        if (_stream != null)
        {
            SendRest();
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        Open();
        SendRest();
        int sent = 0;
        int goal = 0;
        try
        {
            while (sent < rows.Length)
            {
                goal = sent < goal ? goal : sent + Portion(rows[sent..]);
                sent += Send(rows[sent..goal]);
            }

            _trailer?.Add(rows);
        }
        catch (IOException) when (_stream != null)
        {
            int whole = _framing.Whole(rows[..sent]).End;
            int end = whole == sent ? sent : whole + _framing.First(rows[whole..]);
            (_rest, _restRows, _restIsRow) = (rows[sent..end].ToArray(), _framing.Whole(rows[whole..end]).Rows, true);
            _trailer?.Add(rows[..end]);
            throw;
        }
        finally
        {
            Bytes += sent;
            Rows += _framing.Whole(rows[..sent]).Rows;
        }
    }

    /// <inheritdoc/>
    /// <remarks>A reader that leaves is noticed though nothing is written, so that one that comes after it gets a header.</remarks>
    public override void Tick()
    {
        if (!_isInherited && _stream is { IsAbandoned: true })
        {
            Drop();
            throw new IOException("its reader went away", Descriptors.BrokenPipe);
        }
    }

    /// <inheritdoc/>
    public override bool TryRecover()
    {
        if (_stream != null || _isInherited)
        {
            return false;
        }

        Open();
        SendRest();
        return true;
    }

    /// <inheritdoc/>
    public override void FinishRow()
    {
        if (_stream != null)
        {
            // A reader that took nothing so far has a moment once more.
            _isStalled = false;
            SendRest();
        }
    }

    /// <inheritdoc/>
    public override void EndLast()
    {
        if (_stream != null && _rest.Length == 0 && _trailer != null)
        {
            (_rest, _restRows, _restIsRow) = (_trailer.End(), 0, false);
            SendRest();
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _stream?.Dispose();

    /// <summary>
    /// Bytes of the first rows that a pipe takes as a whole or not at all, so that a reader that stalls leaves none torn; of a row that is
    /// too long for that, all of it.
    /// </summary>
    private int Portion(ReadOnlySpan<byte> rows) =>
        rows.Length <= Descriptors.AtomicLength ? rows.Length
        : _framing.Whole(rows[..Descriptors.AtomicLength]).End is var end && end > 0 ? end
        : _framing.First(rows);

    private void Open()
    {
        if (_stream == null)
        {
            _stream = StreamHandle.Open(_path, waits: false);
            Greet();
        }
    }

    private void Greet()
    {
        (_rest, _restRows, _restIsRow) = (_header, 0, false);
        _trailer = _framing.CreateTrailer();
        _trailer?.Add(_header);
    }

    private void SendRest()
    {
        while (_rest.Length > 0)
        {
            int sent = Send(_rest);
            _rest = _rest[sent..];
            Bytes += _restIsRow ? sent : 0;
            Rows += _rest.Length > 0 ? 0 : _restRows;
        }
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            int sent = _stream!.AppendSome(bytes, _isStalled ? 0 : PatienceMs);
            _isStalled = sent == 0;
            return sent > 0 ? sent : throw new IOException("its reader takes nothing");
        }
        catch (IOException e) when (e.HResult == Descriptors.BrokenPipe)
        {
            Drop();
            throw;
        }
    }

    /// <summary>What the reader did not get of a torn row is nobody's any more.</summary>
    private void Drop()
    {
        _rest = [];
        _stream!.Dispose();
        _stream = null;
    }
}
