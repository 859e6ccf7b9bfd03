using System.Text.Json;

namespace FlowMeter.Engine.Brokers;

/// <summary>What JetStream answers in JSON.</summary>
internal static class NatsAnswer
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="BrokerException">It is an error, or no answer of JetStream.</exception>
    public static JsonElement Read(ReadOnlyMemory<byte> json)
    {
        JsonElement answer;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            answer = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new BrokerException("answers what is not JetStream's", "see that JetStream is on, and what its log says", e);
        }

        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw new BrokerException("answers what is not JetStream's", "see that JetStream is on, and what its log says");
        }

        if (answer.TryGetProperty("error", out JsonElement error))
        {
            string reason = error.TryGetProperty("description", out JsonElement text) ? text.ToString() : error.ToString();
            throw new BrokerException($"refuses: {reason}", "see the limits and rights of the stream");
        }

        return answer;
    }
}
