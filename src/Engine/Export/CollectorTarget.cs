using System.Net;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// An IPFIX collector (RFC 7011 §10). Templates go first: once for each connection over TCP, and over UDP again and again. Records that
/// are lost over UDP are a gap in the numbers of the messages; a connection has its own. A collector that takes nothing for some time loses
/// messages, but over TCP never a part of one: the rest goes out before anything else.
/// </summary>
/// <param name="address">The collector.</param>
/// <param name="place">Where it is.</param>
/// <param name="clock">Measures when templates are due.</param>
/// <param name="patience">How long to wait for a collector that takes nothing; null: for ever.</param>
internal sealed class CollectorTarget(CollectorAddress address, IPEndPoint place, TimeProvider clock, TimeSpan? patience) : OutputTarget
{
    // RFC 7011 §8.4 leaves the choice; collectors that start late wait so long for the meaning of records.
    private static readonly TimeSpan s_resendPeriod = TimeSpan.FromSeconds(60);
    private const int ResendMessages = 500;

    private static readonly RowFraming s_framing = TableFormat.Ipfix.Framing;

    // A file is read faster than a collector takes datagrams, whose socket has room for some ninety of them unless it is set up otherwise.
    private const int Burst = 16;
    private const int PauseMs = 1;

    private const int ConnectMs = 1000;
    private const int ConnectPatientlyMs = 10_000;
    private const int RefusalMs = 50;

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
    public override string AdviceFor(Exception failure) => "see whether the collector runs and takes IPFIX there";

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
                sent += Send(messages.Slice(sent, Portion(messages[sent..])));
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
        else if (_isUp && address.IsStream && _socket!.IsAbandoned)
        {
            Drop();
            throw new IOException("the collector closed the connection");
        }
        else if (_isUp)
        {
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
            _socket = CollectorSocket.Connect(place, address.IsStream, patience == null ? ConnectPatientlyMs : ConnectMs);
            (_next, _shift) = (0, null);
        }

        _isStalled = false;

        Greet();
        if (!address.IsStream)
        {
            try
            {
                _socket.AwaitRefusal(RefusalMs);
            }
            catch (IOException)
            {
                Drop();
                throw;
            }
        }

        _isUp = true;
    }

    private void GreetAgain()
    {
        if (!address.IsStream && (_datagrams >= ResendMessages || clock.GetElapsedTime(_greetedAt) >= s_resendPeriod))
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
                sent += Send(header.AsSpan(sent, Portion(header.AsSpan(sent))));
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
    private uint Renumber(Span<byte> messages, uint number)
    {
        uint now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        while (IpfixMessage.Measure(messages) is { } message)
        {
            IpfixMessage.SetSequence(messages, number);
            IpfixMessage.SetExportTime(messages, now);
            number += (uint)message.Records;
            messages = messages[message.Length..];
        }

        return number;
    }

    /// <summary>What goes out at once: everything where there are no borders; else a message, which is a datagram.</summary>
    private int Portion(ReadOnlySpan<byte> messages) => address.IsStream ? messages.Length : s_framing.First(messages);

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

    private int Send(ReadOnlySpan<byte> bytes)
    {
        int sent;
        try
        {
            sent = _socket!.SendSome(bytes, _isStalled ? 0 : (int?)patience?.TotalMilliseconds ?? -1);
        }
        catch (IOException)
        {
            Drop();
            throw;
        }

        if (!address.IsStream && ++_datagrams % Burst == 0 && patience == null)
        {
            Thread.Sleep(PauseMs);
        }

        _isStalled = sent == 0;
        return sent > 0 ? sent : throw new IOException("the collector takes nothing");
    }

    /// <summary>
    /// Ends the connection; what the collector did not get of a torn message is nobody's any more. Datagrams know no connection, and a
    /// socket of its own would make a new exporter of this one.
    /// </summary>
    private void Drop()
    {
        (_isUp, _rest) = (false, []);
        if (address.IsStream)
        {
            _socket?.Dispose();
            _socket = null;
        }
    }
}
