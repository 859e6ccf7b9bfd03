using System.Text.Json;

namespace FlowMeter.Cli.Telemetry;

/// <summary>Counters as members of a JSON object.</summary>
internal static class CounterJson
{
    /// <summary>Writes all that have a name; neighbours of one group into an object of its name.</summary>
    public static void Write<TSource>(Utf8JsonWriter to, IEnumerable<Counter<TSource>> counters, TSource source)
    {
        string? group = null;
        foreach (Counter<TSource> counter in counters.Where(counter => counter.Name != null))
        {
            if (counter.Group != group)
            {
                End(to, group);
                group = counter.Group;
                if (group != null)
                {
                    to.WriteStartObject(group);
                }
            }

            to.WriteNumber(counter.Name!, counter.Read(source));
        }

        End(to, group);
    }

    private static void End(Utf8JsonWriter to, string? group)
    {
        if (group != null)
        {
            to.WriteEndObject();
        }
    }
}
