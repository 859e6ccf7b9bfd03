namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// A counter of a run, declared once (<see cref="Counters"/>). Each output goes through a list of these: the summary as JSON
/// (<see cref="CounterJson"/>), the summary for people and the line of statistics (<see cref="CounterText"/>), and the page for Prometheus
/// (<see cref="MetricsText"/>).
/// </summary>
/// <typeparam name="TSource">The type that counts it.</typeparam>
/// <param name="Name">Its name in JSON; null where it is not there.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Help">What it is, one sentence: HELP of the metric. Those that share a metric share it.</param>
/// <param name="Read">Takes its value.</param>
internal sealed record Counter<TSource>(string? Name, CounterUnit Unit, string Help, Func<TSource, long> Read)
{
    /// <summary>The JSON object that it stands in; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Its name for Prometheus; null where it has none. Neighbours in a list may share it, by their <see cref="Label"/>.</summary>
    public string? Metric { get; init; }

    /// <summary>Which of the numbers of its metric it is; null where it is the only one.</summary>
    public (string Name, string Value)? Label { get; init; }

    /// <summary>Whether the metric goes up and down.</summary>
    public bool IsGauge { get; init; }

    /// <summary>The name of the line that it has in the summary for people, where it is not 0; null for none.</summary>
    public string? Line { get; init; }

    /// <summary>What stands behind its number there: in its own line, or as a part of another.</summary>
    public string? Words { get; init; }

    /// <summary>Its part of the line of statistics, with <c>{0}</c> for the number; null for none.</summary>
    public string? Statistic { get; init; }

    /// <summary>The same counter, read from something else.</summary>
    public Counter<TOther> From<TOther>(Func<TOther, long> read) => new(Name, Unit, Help, read)
    {
        Group = Group,
        Metric = Metric,
        Label = Label,
        IsGauge = IsGauge,
        Line = Line,
        Words = Words,
        Statistic = Statistic,
    };

    /// <summary>The sum over all that count it.</summary>
    public Counter<TWhole> In<TWhole>(Func<TWhole, IEnumerable<TSource>> parts) => From<TWhole>(whole => parts(whole).Sum(Read));
}
