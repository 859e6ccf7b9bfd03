using System.Globalization;
using System.Text;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4. A family is written whole, with its HELP and TYPE before it, as the format asks for.
/// </summary>
internal sealed class MetricsText
{
    /// <summary>What the format is called in an HTTP header.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private const double NanosecondsPerSecond = 1e9;

    private readonly StringBuilder _text = new();

    /// <summary>All that are metrics, in the order in which their names come first.</summary>
    public void Counters<TSource>(IEnumerable<Counter<TSource>> counters, TSource source) => Counters(counters, [([], source)]);

    /// <summary>The same of several sources, each with labels of its own.</summary>
    public void Counters<TSource>(
        IEnumerable<Counter<TSource>> counters, IReadOnlyList<((string Name, string Value)[] Labels, TSource Counts)> sources)
    {
        foreach (IGrouping<string, Counter<TSource>> family in counters.Where(counter => counter.Metric != null)
            .GroupBy(counter => counter.Metric!))
        {
            Family(family.Key, family.First().IsGauge ? "gauge" : "counter", family.First().Help);
            foreach (((string Name, string Value)[] labels, TSource counts) in sources)
            {
                foreach (Counter<TSource> counter in family)
                {
                    Sample(family.Key, counter.Label is { } label ? Labels([.. labels, label]) : Labels(labels), counter.Read(counts));
                }
            }
        }
    }

    /// <summary>A number that only grows; its name ends in _total.</summary>
    public void Counter(string name, string help, double value)
    {
        Family(name, "counter", help);
        Sample(name, "", value);
    }

    /// <summary>A number that goes up and down.</summary>
    public void Gauge(string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        Family(name, "gauge", help);
        Sample(name, Labels(labels), value);
    }

    /// <summary>The same for each value of a label.</summary>
    public void Gauges(string name, string help, string label, IEnumerable<(string Value, double Number)> samples)
    {
        Family(name, "gauge", help);
        foreach ((string value, double number) in samples)
        {
            Sample(name, Labels((label, value)), number);
        }
    }

    /// <summary>A histogram in seconds for each value of a label.</summary>
    public void Histogram(string name, string help, string label, IEnumerable<(string Value, LatencyHistogram Histogram)> samples)
    {
        Family(name, "histogram", help);
        foreach ((string value, LatencyHistogram histogram) in samples)
        {
            // The count is the sum of what was read of the buckets: its owner goes on counting meanwhile, and the two must not contradict
            // each other.
            long count = 0;
            for (int i = 0; i <= LatencyHistogram.Bounds.Count; i++)
            {
                count += histogram[i];
                string bound = i < LatencyHistogram.Bounds.Count ? Number(LatencyHistogram.Bounds[i] / NanosecondsPerSecond) : "+Inf";
                Sample(name + "_bucket", Labels((label, value), ("le", bound)), count);
            }

            Sample(name + "_sum", Labels((label, value)), histogram.Sum / NanosecondsPerSecond);
            Sample(name + "_count", Labels((label, value)), count);
        }
    }

    /// <summary>All that was written.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.IsEmpty)
        {
            return "";
        }

        StringBuilder text = new("{");
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length > 1 ? "," : "").Append(name)
                .Append("=\"").Append(Escaped(value).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private void Family(string name, string type, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(help)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void Sample(string name, string labels, double value) =>
        _text.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');
}
