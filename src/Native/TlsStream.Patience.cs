using System.Net.Sockets;

namespace FlowMeter.Native;

/// <summary>Writing by who does not wait longer than a given time.</summary>
public sealed unsafe partial class TlsStream
{
    private const int MaxRecord = 16 << 10;
    private const int LastAnswers = 8;

    private byte[] _taken = [];
    private int _takenBytes;

    /// <summary>
    /// Takes some bytes, a record of TLS at most, and sends them when there is room: what it took goes out before anything else and is not
    /// to be offered again. Returns how many it took; 0 while others wait still.
    /// </summary>
    /// <param name="buffer">What to send.</param>
    /// <param name="patience">How long to wait for room; null: for ever.</param>
    /// <exception cref="OpenSslException">OpenSSL refuses.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public int TryWrite(ReadOnlySpan<byte> buffer, TimeSpan? patience)
    {
        if (!TryFlush(patience))
        {
            return 0;
        }

        if (_taken.Length == 0)
        {
            _taken = new byte[MaxRecord];
        }

        _takenBytes = Math.Min(buffer.Length, MaxRecord);
        buffer[.._takenBytes].CopyTo(_taken);
        int taken = _takenBytes;
        TryFlush(TimeSpan.Zero);
        return taken;
    }

    /// <summary>Reads what nobody wants to know, and returns whether the other side has ended the connection. Never waits.</summary>
    /// <exception cref="OpenSslException">It refuses what it was shown or sent.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool IsEnded()
    {
        const int Some = 512;
        byte* unwanted = stackalloc byte[Some];
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ssl == 0, this);
            OpenSsl.ERR_clear_error();
            int count;
            do
            {
                count = OpenSsl.SSL_read(_ssl, unwanted, Some);
            }
            while (count == Some);
            if (count > 0)
            {
                return false;
            }

            int error = OpenSsl.SSL_get_error(_ssl, count);
            if (error == OpenSsl.SSL_ERROR_ZERO_RETURN)
            {
                return true;
            }

            ThrowUnlessWaiting(error);
            return false;
        }
    }

    /// <summary>
    /// Sends what waits, says that nothing comes after it, and waits for the other side to end, too: it has everything then. Returns false
    /// if there was no room for what waited.
    /// </summary>
    /// <param name="patience">How long to wait for the other side, each time.</param>
    /// <exception cref="OpenSslException">The other side refuses what it was shown or sent.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TryFinish(TimeSpan patience)
    {
        if (!TryFlush(patience))
        {
            return false;
        }

        lock (_lock)
        {
            OpenSsl.ERR_clear_error();
            _ = OpenSsl.SSL_shutdown(_ssl);
        }

        for (int answers = 0; answers < LastAnswers && !IsEnded() && _socket.Poll(patience, SelectMode.SelectRead); answers++)
        {
        }

        return true;
    }

    private bool TryFlush(TimeSpan? patience)
    {
        while (_takenBytes > 0)
        {
            int error;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_ssl == 0, this);
                OpenSsl.ERR_clear_error();
                fixed (byte* at = _taken)
                {
                    int count = OpenSsl.SSL_write(_ssl, at, _takenBytes);
                    if (count > 0)
                    {
                        _takenBytes = 0;
                        return true;
                    }

                    error = OpenSsl.SSL_get_error(_ssl, count);
                    ThrowUnlessWaiting(error);
                }
            }

            if (!_socket.Poll(patience ?? Timeout.InfiniteTimeSpan, ModeOf(error)))
            {
                return false;
            }
        }

        return true;
    }
}
