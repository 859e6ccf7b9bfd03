using System.Globalization;

namespace FlowMeter.Cli.Telemetry;

/// <summary>Counters as text for people.</summary>
internal static class CounterText
{
    /// <summary>A number with its thousands apart.</summary>
    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>What is not 0, as parts of a whole: <c>12 idle, 3 end</c>.</summary>
    public static string Parts<TSource>(IEnumerable<Counter<TSource>> counters, TSource source) =>
        Parts(counters.Where(counter => counter.Words != null).Select(counter => (counter.Read(source), counter.Words!)));

    /// <inheritdoc cref="Parts{TSource}(IEnumerable{Counter{TSource}}, TSource)"/>
    public static string Parts(IEnumerable<(long Count, string Words)> parts) =>
        string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{Number(part.Count)} {part.Words}"));

    /// <summary>The counters that have a line of their own and are not 0, in the order of their units.</summary>
    public static IEnumerable<(string Name, long Count, string Words)> Lines<TSource>(
        IEnumerable<Counter<TSource>> counters, TSource source) =>
        counters.Where(counter => counter.Line != null)
            .OrderBy(counter => counter.Unit)
            .Select(counter => (counter.Line!, Count: counter.Read(source), counter.Words!))
            .Where(line => line.Count > 0);

    /// <summary>The part of a line of statistics that a counter has; null for none.</summary>
    public static string? Statistic<TSource>(Counter<TSource> counter, TSource source) =>
        counter.Statistic?.Replace("{0}", Number(counter.Read(source)), StringComparison.Ordinal);

    /// <summary>The parts that all have together.</summary>
    public static string Statistics<TSource>(IEnumerable<Counter<TSource>> counters, TSource source) =>
        string.Join(", ", counters.Select(counter => Statistic(counter, source)).Where(part => part != null));
}
