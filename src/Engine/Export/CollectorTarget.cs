using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Engine.Export;

/// <summary>
/// An IPFIX collector (RFC 7011 §10). Templates go first: once for each connection over TCP, and over UDP again and again. Records that
/// are lost over UDP are a gap in the numbers of the messages; a connection has its own. A collector that takes nothing for some time loses
/// messages, but over TCP never a part of one: the rest goes out before anything else.
/// </summary>
/// <param name="peer">The collector.</param>
/// <param name="clock">Measures when templates are due.</param>
/// <param name="patience">How long to wait for a collector that takes nothing; null: for ever.</param>
internal sealed class CollectorTarget(CollectorPeer peer, TimeProvider clock, TimeSpan? patience) : OutputTarget
{
    // RFC 7011 §8.4 leaves the choice; collectors that start late wait so long for the meaning of records.
    private static readonly TimeSpan s_resendPeriod = TimeSpan.FromSeconds(60);
    private const int ResendMessages = 500;

    private static readonly RowFraming s_framing = TableFormat.Ipfix.Framing;

    // A file is read faster than a collector takes datagrams, whose socket has room for some ninety of them unless it is set up otherwise.
    private const int Burst = 16;
    private const int PauseMs = 1;

    private static readonly TimeSpan s_connecting = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_connectingPatiently = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_refusal = TimeSpan.FromMilliseconds(50);

    private readonly CollectorTransport _transport = peer.Address.Transport;
    private CollectorSocket? _socket;
    private byte[] _header = [];
    private byte[] _messages = [];
    private byte[] _rest = [];
    private long _restRows;
    private uint _next;
    private uint? _shift;
    private long _greetedAt;
    private int _datagrams;
    private bool _isUp;
    private bool _isTried;
    private bool _isStalled;

    /// <inheritdoc/>
    public override string AdviceFor(Exception failure) => failure.InnerException switch
    {
        OpenSslException { IsDistrust: true } => "name its authority with ?ca=FILE, and the collector as in its certificate",
        OpenSslException => "see whether the collector takes TLS there, and wants another certificate (?cert=FILE)",
        _ when _transport == CollectorTransport.Tls => "see whether the collector runs and takes IPFIX over TLS there",
        _ => "see whether the collector runs and takes IPFIX there",
    };

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header) => _header = header.ToArray();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        Open();
        SendRest();
        GreetAgain();
        ReadOnlySpan<byte> messages = Number(rows);
        int sent = 0;
        try
        {
            while (sent < messages.Length)
            {
                sent += Send(messages[sent..]);
            }
        }
        catch (IOException) when (_isUp)
        {
            int whole = s_framing.Whole(messages[..sent]).End;
            ReadOnlySpan<byte> torn = whole == sent ? [] : messages.Slice(whole, s_framing.First(messages[whole..]));
            (_rest, _restRows) = (torn[Math.Min(sent - whole, torn.Length)..].ToArray(), s_framing.Whole(torn).Rows);
            throw;
        }
        finally
        {
            Bytes += sent;
            Rows += s_framing.Whole(messages[..sent]).Rows;
        }
    }

    /// <inheritdoc/>
    /// <remarks>A collector that goes away, or is not there at the start, is noticed though nothing is written.</remarks>
    public override void Tick()
    {
        if (!_isTried)
        {
            Open();
        }
        else if (_isUp)
        {
            DropIf(_socket!.ThrowIfAbandoned);
            GreetAgain();
        }
    }

    /// <inheritdoc/>
    public override bool TryRecover()
    {
        if (_isUp)
        {
            return false;
        }

        Open();
        return true;
    }

    /// <inheritdoc/>
    public override void FinishRow()
    {
        if (_isUp)
        {
            // A collector that took nothing so far has a moment once more.
            _isStalled = false;
            SendRest();
            DropIf(() => _socket!.Finish(s_connecting));
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _socket?.Dispose();

    /// <summary>Connects and sends the templates, unless that is done.</summary>
    /// <exception cref="IOException">The collector is not there.</exception>
    public void Open()
    {
        _isTried = true;
        if (_isUp)
        {
            return;
        }

        if (_socket == null)
        {
            _socket = peer.Connect(patience == null ? s_connectingPatiently : s_connecting);
            (_next, _shift) = (0, null);
        }

        _isStalled = false;

        Greet();
        if (_transport != CollectorTransport.Tcp)
        {
            DropIf(() => _socket.AwaitRefusal(s_refusal));
        }

        _isUp = true;
    }

    private void GreetAgain()
    {
        if (_transport == CollectorTransport.Udp && (_datagrams >= ResendMessages || clock.GetElapsedTime(_greetedAt) >= s_resendPeriod))
        {
            Greet();
        }
    }

    /// <summary>Sends what stands before the first record. Its records count, too.</summary>
    private void Greet()
    {
        byte[] header = [.. _header];
        uint records = Renumber(header, _next) - _next;
        try
        {
            for (int sent = 0; sent < header.Length;)
            {
                sent += Send(header.AsSpan(sent));
            }
        }
        catch (IOException)
        {
            // Half of the templates are none.
            Drop();
            throw;
        }

        (_next, _shift, _greetedAt, _datagrams) = (_next + records, _shift + records, clock.GetTimestamp(), 0);
    }

    /// <summary>
    /// Copies messages and gives them the numbers of this connection. Those they come with count lost records, too, but not what was sent
    /// again before the first record.
    /// </summary>
    private Span<byte> Number(ReadOnlySpan<byte> rows)
    {
        if (_messages.Length < rows.Length)
        {
            _messages = new byte[rows.Length];
        }

        rows.CopyTo(_messages);
        Span<byte> messages = _messages.AsSpan(0, rows.Length);
        if (!messages.IsEmpty)
        {
            _shift ??= _next - IpfixMessage.SequenceOf(messages);
            _next = Renumber(messages, IpfixMessage.SequenceOf(messages) + _shift.Value);
        }

        return messages;
    }

    /// <summary>
    /// Numbers messages that follow each other, and says that they leave now: files have the times of their packets, since the same capture
    /// is to make the same file. Returns the number of the message behind them.
    /// </summary>
    private uint Renumber(Span<byte> messages, uint number) =>
        IpfixMessage.Number(messages, number, (uint)clock.GetUtcNow().ToUnixTimeSeconds());

    private void SendRest()
    {
        while (_rest.Length > 0)
        {
            int sent = Send(_rest);
            _rest = _rest[sent..];
            Bytes += sent;
            Rows += _rest.Length > 0 ? 0 : _restRows;
        }
    }

    /// <summary>Sends what goes out at once: what there is room for, or a few datagrams. Returns the bytes.</summary>
    private int Send(ReadOnlySpan<byte> messages)
    {
        TimeSpan? wait = _isStalled ? TimeSpan.Zero : patience;
        bool isStream = _transport != CollectorTransport.Udp;
        int size = isStream ? messages.Length : s_framing.First(messages);
        int sent;
        try
        {
            sent = isStream
                ? _socket!.SendSome(messages, wait)
                : _socket!.SendDatagrams(messages[..OfSameSize(messages, size)], size, wait);
        }
        catch (IOException)
        {
            Drop();
            throw;
        }

        int before = _datagrams;
        _datagrams += isStream ? 0 : sent / size;
        if (patience == null && _datagrams / Burst > before / Burst)
        {
            Thread.Sleep(PauseMs);
        }

        _isStalled = sent == 0;
        return sent > 0 ? sent : throw new IOException("the collector takes nothing");
    }

    /// <summary>The end of the messages that are as long as the first one, but for those of the next burst.</summary>
    private static int OfSameSize(ReadOnlySpan<byte> messages, int size)
    {
        int end = size;
        while (end < Burst * size && end < messages.Length && s_framing.First(messages[end..]) == size)
        {
            end += size;
        }

        return end;
    }

    private void DropIf(Action failing)
    {
        try
        {
            failing();
        }
        catch (IOException)
        {
            Drop();
            throw;
        }
    }

    /// <summary>
    /// Ends the connection; what the collector did not get of a torn message is nobody's any more. Datagrams know no connection, and a
    /// socket of its own would make a new exporter of this one.
    /// </summary>
    private void Drop()
    {
        (_isUp, _rest) = (false, []);
        if (_transport != CollectorTransport.Udp)
        {
            _socket?.Dispose();
            _socket = null;
        }
    }
}
