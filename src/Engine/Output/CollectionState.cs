using System.Text;
using System.Text.Json;

namespace FlowMeter.Engine.Output;

/// <summary>How far collected files are.</summary>
/// <param name="Source">What is said of the source, as JSON; empty: nothing yet.</param>
/// <param name="Files">The files that do not have their names yet, by their partial ones, and how many bytes of them count.</param>
internal sealed record CollectionState(byte[] Source, IReadOnlyList<(string Partial, long Length)> Files)
{
    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="IOException">It is something else.</exception>
    public static CollectionState Parse(byte[] text)
    {
        if (text.Length == 0)
        {
            return new CollectionState([], []);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return new CollectionState(
                Encoding.UTF8.GetBytes(root.GetProperty("source").GetRawText()),
                [.. root.GetProperty("files").EnumerateObject().Select(file => (file.Name, file.Value.GetInt64()))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new IOException("its journal is damaged; take it away, and look for rows that are there twice", e);
        }
    }

    /// <summary>The state as JSON.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter to = new(json))
        {
            to.WriteStartObject();
            to.WritePropertyName("source");
            to.WriteRawValue(Source.Length == 0 ? "{}"u8 : Source);
            to.WriteStartObject("files");
            foreach ((string partial, long length) in Files)
            {
                to.WriteNumber(partial, length);
            }

            to.WriteEndObject();
            to.WriteEndObject();
        }

        return json.ToArray();
    }
}
