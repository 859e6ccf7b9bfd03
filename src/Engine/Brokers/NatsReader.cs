using System.Text;

namespace FlowMeter.Engine.Brokers;

/// <summary>Takes what a NATS server sends apart: lines, and the bytes behind those of messages. Memory is bounded.</summary>
/// <param name="read">Reads bytes; 0 at the end.</param>
internal sealed class NatsReader(Func<Memory<byte>, int> read)
{
    private const int MaxLine = 64 << 10;
    private const int MaxMessage = 64 << 20;

    private byte[] _buffer = new byte[MaxLine];
    private int _start;
    private int _end;

    /// <summary>The next line, without its end.</summary>
    /// <exception cref="BrokerException">The server has gone, or does not speak the protocol.</exception>
    public string Line()
    {
        int length;
        int looked = 0;
        while ((length = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n')) < 0)
        {
            looked = _end - _start;
            if (looked >= MaxLine)
            {
                throw NoNats();
            }

            Fill();
        }

        length += looked;
        string line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
        _start += length + 1;
        return line;
    }

    /// <summary>The message that a line begins; null if it begins none.</summary>
    /// <exception cref="BrokerException">The server has gone, or does not speak the protocol.</exception>
    public NatsMessage? Message(string line)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        bool hasHeader = words is ["HMSG", ..];
        if (!hasHeader && words is not ["MSG", ..])
        {
            return null;
        }

        int sizes = hasHeader ? 2 : 1;
        int header = 0;
        if (words.Length < 3 + sizes || words.Length > 4 + sizes || !int.TryParse(words[^1], out int total) || total is < 0 or > MaxMessage
            || (hasHeader && (!int.TryParse(words[^2], out header) || header < 0 || header > total)))
        {
            throw NoNats();
        }

        ReadOnlyMemory<byte> bytes = Bytes(total + 2);
        string reply = words.Length == 4 + sizes ? words[3] : "";
        return new NatsMessage(words[1], reply, bytes[..header], bytes[header..total]);
    }

    private static BrokerException NoNats() => new("does not speak the protocol of NATS", "see that the port is that of a NATS server");

    private ReadOnlyMemory<byte> Bytes(int count)
    {
        while (_end - _start < count)
        {
            if (_buffer.Length < count)
            {
                Array.Resize(ref _buffer, Math.Max(count, _buffer.Length * 2));
            }

            Fill();
        }

        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    private void Fill()
    {
        if (_end == _buffer.Length || _start == _end)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int count = read(_buffer.AsMemory(_end));
        _end += count > 0 ? count : throw new BrokerException("ended the connection", "see that the server runs, and what its log says");
    }
}
