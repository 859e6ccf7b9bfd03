using System.Text.Json;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Which messages are in the files, by sensor, run and number. A message may come twice: the broker delivers it again when it was not told
/// in time that it is here, and a sensor sends it again when it was not told in time that the broker has it.
/// </summary>
internal sealed class CollectedRuns
{
    // A sensor that is started once a day needs one a day; those not seen for longest are forgotten.
    private const int MaxRuns = 4096;

    private readonly Dictionary<string, LinkedListNode<(string Name, NumberSet Blocks)>> _runs = [];
    private readonly LinkedList<(string Name, NumberSet Blocks)> _latest = new();

    /// <summary>Reads what <see cref="ToBytes"/> wrote; nothing where there is nothing.</summary>
    /// <exception cref="IOException">It is something else.</exception>
    public static CollectedRuns Parse(byte[] json)
    {
        CollectedRuns runs = new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.Length == 0 ? "{}"u8.ToArray() : json);
            foreach (JsonProperty run in document.RootElement.EnumerateObject())
            {
                runs._runs.Add(run.Name, runs._latest.AddLast((run.Name, NumberSet.Parse(run.Value.GetString()!))));
            }

            return runs;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new IOException("the journal is damaged; take it away, and look for rows that are there twice", e);
        }
    }

    /// <summary>Takes note of a message. False if it is there already.</summary>
    /// <param name="run">Its sensor and run.</param>
    /// <param name="block">Its number in the run.</param>
    public bool Add(string run, long block)
    {
        if (_runs.TryGetValue(run, out LinkedListNode<(string Name, NumberSet Blocks)>? known))
        {
            _latest.Remove(known);
            _latest.AddLast(known);
            return known.Value.Blocks.Add(block);
        }

        if (_runs.Count == MaxRuns)
        {
            _runs.Remove(_latest.First!.Value.Name);
            _latest.RemoveFirst();
        }

        NumberSet blocks = new();
        _runs.Add(run, _latest.AddLast((run, blocks)));
        return blocks.Add(block);
    }

    /// <summary>All that is remembered, as JSON.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter to = new(json))
        {
            to.WriteStartObject();
            foreach ((string name, NumberSet blocks) in _latest)
            {
                to.WriteString(name, blocks.ToString());
            }

            to.WriteEndObject();
        }

        return json.ToArray();
    }
}
