using System.Runtime.ExceptionServices;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Reads a stream that costs time, as one that unpacks does, on a thread of its own, some pieces ahead of its reader. Short streams are
/// read without one.
/// </summary>
/// <param name="stream">The stream; disposed with this one.</param>
/// <param name="hasThread">Whether it may have a thread; otherwise all is read by its reader.</param>
internal sealed class ReadAheadStream(Stream stream, bool hasThread = true) : ReadOnlyStream
{
    private const int PieceLength = 128 << 10;
    private const int Pieces = 8;

    // What is read before it is worth a thread.
    private const long Short = 512 << 10;

    private readonly object _lock = new();
    private readonly byte[][] _pieces = new byte[Pieces][];
    private readonly int[] _lengths = new int[Pieces];
    private Thread? _thread;
    private long _read;
    private bool _hasNoThread = !hasThread;
    private int _at;

    // Pieces filled by the thread, and emptied by the reader.
    private long _filled;
    private long _emptied;
    private bool _isEnded;
    private bool _isDisposed;
    private ExceptionDispatchInfo? _failure;
    private Action? _toTell;

    /// <summary>Has the reader of this stream told something, in its own thread, once it has got all before it.</summary>
    public void Tell(Action tell)
    {
        lock (_lock)
        {
            _toTell += tell;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = _thread != null || (_read >= Short && TryStart()) ? Take(buffer) : stream.Read(buffer);
        _read += read;
        if (read == 0 && !buffer.IsEmpty)
        {
            Action? tell;
            lock (_lock)
            {
                (tell, _toTell) = (_toTell, null);
            }

            tell?.Invoke();
        }

        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                _isDisposed = true;
                Monitor.PulseAll(_lock);
            }

            _thread?.Join();
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryStart()
    {
        if (_hasNoThread)
        {
            return false;
        }

        try
        {
            Thread thread = new(ReadOn) { Name = "reader", IsBackground = true };
            thread.Start();
            _thread = thread;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // The system has no room for another thread: it goes on as it began.
            _hasNoThread = true;
        }

        return !_hasNoThread;
    }

    private int Take(Span<byte> buffer)
    {
        lock (_lock)
        {
            while (_filled == _emptied && !_isEnded)
            {
                Monitor.Wait(_lock);
            }

            if (_filled == _emptied)
            {
                _failure?.Throw();
                return 0;
            }
        }

        int slot = (int)(_emptied % Pieces);
        int length = Math.Min(buffer.Length, _lengths[slot] - _at);
        _pieces[slot].AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        if (_at == _lengths[slot])
        {
            _at = 0;
            lock (_lock)
            {
                _emptied++;
                Monitor.PulseAll(_lock);
            }
        }

        return length;
    }

    private void ReadOn()
    {
        try
        {
            while (AwaitRoom() is { } slot)
            {
                _pieces[slot] ??= GC.AllocateUninitializedArray<byte>(PieceLength);
                _lengths[slot] = stream.Read(_pieces[slot]);
                lock (_lock)
                {
                    _isEnded = _lengths[slot] == 0;
                    _filled += _isEnded ? 0 : 1;
                    Monitor.PulseAll(_lock);
                }
            }
        }
        catch (Exception e)
        {
            // Of any kind, since it would end the process here: thrown on where it is read, behind all that came before it.
            lock (_lock)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
                _isEnded = true;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>The next piece to fill; null when nothing is to be read any more.</summary>
    private int? AwaitRoom()
    {
        lock (_lock)
        {
            while (_filled - _emptied == Pieces && !_isDisposed)
            {
                Monitor.Wait(_lock);
            }

            return _isDisposed || _isEnded ? null : (int)(_filled % Pieces);
        }
    }
}
