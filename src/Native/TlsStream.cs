using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>A connection by TLS. One thread may read while another one writes.</summary>
public sealed unsafe partial class TlsStream : Stream
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Socket _socket;
    private readonly TimeSpan _patience;
    private nint _ssl;

    /// <summary>Agrees with the server on a key, and checks its certificate and name.</summary>
    /// <param name="client">What is trusted and shown.</param>
    /// <param name="socket">A connected socket; becomes the stream's, and does not block any more.</param>
    /// <param name="host">The name or address that the certificate must be for.</param>
    /// <param name="patience">How long to wait for each answer; null: ten seconds.</param>
    /// <exception cref="OpenSslException">It is not trusted, or the other side refuses.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public TlsStream(TlsClient client, Socket socket, string host, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _patience = patience ?? s_patience;
        _ssl = OpenSsl.SSL_new(client);
        socket.Blocking = false;
        try
        {
            int isSet = IPAddress.TryParse(host, out _)
                ? OpenSsl.X509_VERIFY_PARAM_set1_ip_asc(OpenSsl.SSL_get0_param(_ssl), host)
                : OpenSsl.SSL_set1_host(_ssl, host) & (int)OpenSsl.SSL_ctrl(_ssl, OpenSsl.SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, host);
            if (isSet != 1 || OpenSsl.SSL_set_fd(_ssl, (int)socket.Handle) != 1)
            {
                throw new OpenSslException(OpenSsl.Reason());
            }

            Handshake();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int error;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_ssl == 0, this);
                OpenSsl.ERR_clear_error();
                fixed (byte* at = buffer)
                {
                    int count = OpenSsl.SSL_read(_ssl, at, buffer.Length);
                    if (count > 0)
                    {
                        return count;
                    }

                    error = OpenSsl.SSL_get_error(_ssl, count);
                    if (error == OpenSsl.SSL_ERROR_ZERO_RETURN)
                    {
                        return 0;
                    }

                    ThrowUnlessWaiting(error);
                }
            }

            _ = _socket.Poll(s_turn, ModeOf(error));
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int taken = TryWrite(buffer, _patience);
            buffer = taken > 0 ? buffer[taken..] : throw NoAnswer();
        }

        if (!TryFlush(_patience))
        {
            throw NoAnswer();
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            if (_ssl != 0)
            {
                OpenSsl.SSL_free(_ssl);
                _ssl = 0;
            }
        }

        _socket.Dispose();
        base.Dispose(disposing);
    }

    private void Handshake()
    {
        while (true)
        {
            OpenSsl.ERR_clear_error();
            int result = OpenSsl.SSL_connect(_ssl);
            if (result == 1)
            {
                return;
            }

            int error = OpenSsl.SSL_get_error(_ssl, result);
            nint verdict = OpenSsl.SSL_get_verify_result(_ssl);
            if (error == OpenSsl.SSL_ERROR_SSL && verdict != 0)
            {
                string? reason = Marshal.PtrToStringUTF8(OpenSsl.X509_verify_cert_error_string(verdict));
                throw new OpenSslException($"its certificate is not trusted: {reason}") { IsDistrust = true };
            }

            ThrowUnlessWaiting(error);
            if (!_socket.Poll(_patience, ModeOf(error)))
            {
                throw NoAnswer();
            }
        }
    }

    private static IOException NoAnswer() => new("the other side does not answer");

    private static SelectMode ModeOf(int error) =>
        error == OpenSsl.SSL_ERROR_WANT_READ ? SelectMode.SelectRead : SelectMode.SelectWrite;

    private static void ThrowUnlessWaiting(int error)
    {
        if (error == OpenSsl.SSL_ERROR_SSL)
        {
            throw new OpenSslException(OpenSsl.Reason());
        }

        if (error is not (OpenSsl.SSL_ERROR_WANT_READ or OpenSsl.SSL_ERROR_WANT_WRITE))
        {
            throw new IOException("the connection ended");
        }
    }
}
