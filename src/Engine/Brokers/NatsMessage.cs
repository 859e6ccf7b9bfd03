using System.Text;

namespace FlowMeter.Engine.Brokers;

/// <summary>A message of a NATS server, valid until the next one.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Reply">Where an answer goes; empty: nowhere.</param>
/// <param name="Header">Its header, from <c>NATS/1.0</c> on; empty without one.</param>
/// <param name="Body">Its body.</param>
internal readonly record struct NatsMessage(string Subject, string Reply, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>The status in the header's first line, as 503 where nobody answers; 0 for none.</summary>
    public int Status
    {
        get
        {
            ReadOnlySpan<byte> line = Header.Span;
            int start = line.IndexOf((byte)' ') + 1;
            return start is > 0 and < 12 && line.Length >= start + 3 && int.TryParse(line.Slice(start, 3), out int status) ? status : 0;
        }
    }

    /// <summary>A value of the header; null if it has none of that name.</summary>
    public string? Value(string name) =>
        Encoding.UTF8.GetString(Header.Span).Split("\r\n").FirstOrDefault(
            line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 1)..].Trim();
}
