using System.Text;

namespace FlowMeter.Bench.Naive;

/// <summary>What the first packet of a flow's client says, as strings. Whole messages of well-behaved clients only.</summary>
/// <param name="Application">TLS, QUIC, HTTP or DNS; null where nobody knows.</param>
/// <param name="Name">The server, the host or the name asked for.</param>
/// <param name="Fingerprint">JA4.</param>
internal sealed record NaiveNames(string? Application, string? Name, string? Fingerprint)
{
    /// <summary>Reads a packet's payload.</summary>
    public static NaiveNames Read(bool isTcp, ReadOnlySpan<byte> payload)
    {
        if (isTcp && payload is [22, 3, ..])
        {
            // One record, one message.
            return NaiveHello.Read("t", payload[5..]) is var (name, fingerprint) ? new("TLS", name, fingerprint) : Nothing;
        }

        if (!isTcp && payload.Length >= 1200 && (payload[0] & 0xF0) == 0xC0)
        {
            return NaiveHello.Read("q", NaiveInitial.Decrypt(payload)) is var (name, fingerprint)
                ? new("QUIC", name, fingerprint)
                : Nothing;
        }

        if (isTcp && payload.StartsWith("GET "u8))
        {
            return new("HTTP", HostOf(Encoding.Latin1.GetString(payload)), null);
        }

        // A question of one name, and nothing else.
        return !isTcp && payload.Length > 12 && payload[2..12].SequenceEqual((ReadOnlySpan<byte>)[1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            ? new("DNS", QuestionOf(payload[12..]), null)
            : Nothing;
    }

    private static NaiveNames Nothing => new(null, null, null);

    private static string? HostOf(string request) => request.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith("Host: ", StringComparison.OrdinalIgnoreCase))?["Host: ".Length..];

    private static string QuestionOf(ReadOnlySpan<byte> question)
    {
        List<string> labels = [];
        for (; question is [> 0 and var length, ..]; question = question[(1 + length)..])
        {
            labels.Add(Encoding.Latin1.GetString(question.Slice(1, length)));
        }

        return string.Join('.', labels);
    }
}
