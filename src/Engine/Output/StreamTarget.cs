using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>
/// Standard output, a named pipe or a device, written to where it is. A named pipe whose reader goes away is opened again when another one comes, which gets the header first; standard
/// output can not be opened again. A reader that takes nothing for a second loses rows instead of holding up the capture, and never sees a torn one: the rest of a row goes out before anything else.
/// </summary>
internal sealed class StreamTarget : OutputTarget
{
    /// <summary>EPIPE, the error of a pipe whose reader went away.</summary>
    public const int BrokenPipe = 32;

    private const int PatienceMs = 1000;

    private readonly string? _path;
    private readonly RowFraming _framing;
    private SafeFileHandle? _descriptor;
    private byte[] _header = [];
    private byte[] _rest = [];
    private bool _restIsHeader;
    private bool _isStalled;

    /// <summary>Opens a pipe or a device; a pipe without a reader is opened later.</summary>
    /// <param name="path">What to open; null for standard output.</param>
    /// <param name="framing">How its rows are told apart.</param>
    /// <exception cref="IOException">It can not be opened.</exception>
    public StreamTarget(string? path, RowFraming framing)
    {
        _framing = framing;
        _path = path;
        try
        {
            _descriptor = path == null ? new SafeFileHandle(1, ownsHandle: false) : Descriptors.OpenToWrite(path);
        }
        catch (IOException e) when (e.HResult == Descriptors.NobodyReads)
        {
            // Write says so.
        }
    }

    /// <inheritdoc/>
    public override bool IsGone => _path == null && _descriptor == null;

    /// <inheritdoc/>
    public override string AdviceFor(Exception failure) => failure.HResult switch
    {
        BrokenPipe when IsGone => "start again, with a file or a named pipe",
        BrokenPipe or Descriptors.NobodyReads => "start a reader",
        _ => ResilientOutput.IsFull(failure) ? "make room" : "see what keeps its reader",
    };

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header, DateTimeOffset now)
    {
        _header = header.ToArray();
        Greet();
        if (_descriptor != null)
        {
            SendRest();
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows, DateTimeOffset now)
    {
        Open();
        SendRest();
        int sent = 0;
        try
        {
            while (sent < rows.Length)
            {
                sent += Send(rows[sent..]);
            }
        }
        catch (IOException) when (_descriptor != null)
        {
            int whole = _framing.Whole(rows[..sent]).End;
            int end = whole == sent ? sent : whole + _framing.First(rows[whole..]);
            _rest = rows[sent..end].ToArray();
            throw;
        }
        finally
        {
            Bytes += sent;
            Rows += _framing.Whole(rows[..sent]).Rows;
        }
    }

    /// <inheritdoc/>
    public override void Tick(DateTimeOffset now)
    {
    }

    /// <inheritdoc/>
    public override bool TryRecover()
    {
        if (_descriptor != null || _path == null)
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
        if (_descriptor != null)
        {
            // A reader that took nothing so far has a moment once more.
            _isStalled = false;
            SendRest();
        }
    }

    /// <inheritdoc/>
    public override void Rotate(DateTimeOffset now)
    {
    }

    /// <inheritdoc/>
    public override void Settle()
    {
    }

    /// <inheritdoc/>
    public override void Dispose() => _descriptor?.Dispose();

    private void Open()
    {
        if (_descriptor == null)
        {
            _descriptor = Descriptors.OpenToWrite(_path!);
            Greet();
        }
    }

    private void Greet()
    {
        _rest = _header;
        _restIsHeader = true;
    }

    private void SendRest()
    {
        while (_rest.Length > 0)
        {
            int sent = Send(_rest);
            _rest = _rest[sent..];
            Bytes += _restIsHeader ? 0 : sent;
            Rows += _rest.Length > 0 || _restIsHeader ? 0 : 1;
        }

        _restIsHeader = false;
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            int sent = Descriptors.WriteSome(_descriptor!, bytes, _isStalled ? 0 : PatienceMs);
            _isStalled = sent == 0;
            return sent > 0 ? sent : throw new IOException("its reader takes nothing");
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // What the reader did not get of a torn row is nobody's any more.
            _rest = [];
            _descriptor!.Dispose();
            _descriptor = null;
            throw;
        }
    }
}
