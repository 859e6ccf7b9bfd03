using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Cli.Telemetry;

/// <summary>
/// A strict reader of Prometheus' text format 0.0.4, written from its specification: anything that a lenient scraper would let pass is an
/// error here, and so are the conventions of naming.
/// </summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];
    private readonly HashSet<string> _finished = [];
    private string _family = "";
    private bool _hasHelp;

    private PrometheusText()
    {
    }

    /// <summary>Families by name, with their type.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Values by name and labels as they are written, such as <c>a_total{b="c"}</c>.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <summary>The value of one sample.</summary>
    public double this[string sample] => _samples.TryGetValue(sample, out double value)
        ? value
        : throw new FormatException($"there is no {sample} among: {string.Join(' ', _samples.Keys)}");

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">It breaks a rule.</exception>
    public static PrometheusText Parse(string page)
    {
        PrometheusText text = new();
        Require(page.EndsWith('\n') && !page.Contains('\r', StringComparison.Ordinal), "every line ends with a line feed");
        foreach (string line in page.Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                text.BeginFamily(line.Split(' ', 4));
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                text.SetType(line.Split(' '));
            }
            else
            {
                text.AddSample(line);
            }
        }

        text.CheckHistograms();
        return text;
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new FormatException(rule);
        }
    }

    private void BeginFamily(string[] words)
    {
        Require(words.Length == 4 && words[3].Length > 0, $"a help without a text: {string.Join(' ', words)}");
        Require(NamePattern().IsMatch(words[2]), $"not a name: {words[2]}");
        Require(_finished.Add(words[2]), $"the lines of {words[2]} are not together");
        Require(_family.Length == 0 || _types.ContainsKey(_family), $"no type: {_family}");
        (_family, _hasHelp) = (words[2], true);
    }

    private void SetType(string[] words)
    {
        Require(words.Length == 4 && words[2] == _family && _hasHelp, $"a type elsewhere than behind the help: {string.Join(' ', words)}");
        Require(words[3] is "counter" or "gauge" or "histogram", $"not a type: {words[3]}");
        Require(_types.TryAdd(_family, words[3]), $"two types: {_family}");
        Require(
            words[3] == "counter" == _family.EndsWith("_total", StringComparison.Ordinal),
            $"counters, and they alone, end in _total: {_family}");
    }

    private void AddSample(string line)
    {
        Match match = SamplePattern().Match(line);
        Require(match.Success, $"not a sample: {line}");
        string name = match.Groups["name"].Value;
        Require(_types.TryGetValue(_family, out string? type), $"a sample before its type: {line}");
        Require(
            name == _family
                || (type == "histogram" && name[.._family.Length] == _family && name[_family.Length..] is "_bucket" or "_sum" or "_count"),
            $"a sample among those of {_family}: {line}");
        Require(type != "histogram" || name != _family, $"a histogram has no sample of its own name: {line}");
        string[] labels = [.. match.Groups["label"].Captures.Select(capture => capture.Value)];
        Require(labels.Distinct().Count() == labels.Length, $"a label twice: {line}");
        string value = match.Groups["value"].Value;
        double number = value == "+Inf" ? double.PositiveInfinity : double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        Require(type == "gauge" || (double.IsFinite(number) && number >= 0), $"a counter below 0: {line}");
        Require(_samples.TryAdd(line[..match.Groups["value"].Index].TrimEnd(), number), $"a sample twice: {line}");
    }

    /// <summary>Buckets are cumulative, ascending, end with +Inf, and that one is the count.</summary>
    private void CheckHistograms()
    {
        foreach (string family in _types.Where(entry => entry.Value == "histogram").Select(entry => entry.Key))
        {
            foreach (var series in _samples.Where(sample => sample.Key.StartsWith(family + "_bucket", StringComparison.Ordinal)).GroupBy(
                sample => BoundPattern().Replace(sample.Key, "")))
            {
                (double Bound, double Count)[] buckets = [.. series.Select(sample => (Bound(sample.Key), sample.Value))];
                Require(
                    buckets.Zip(buckets.Skip(1)).All(pair => pair.First.Bound < pair.Second.Bound && pair.First.Count <= pair.Second.Count),
                    $"buckets that do not ascend: {series.Key}");
                Require(double.IsPositiveInfinity(buckets[^1].Bound), $"no bucket for all: {series.Key}");
                string count = new StringBuilder(series.Key).Replace("_bucket", "_count").Replace("{}", "").ToString();
                Require(this[count] == buckets[^1].Count, $"the count is not that of the last bucket: {series.Key}");
                _ = this[count.Replace("_count", "_sum", StringComparison.Ordinal)];
            }
        }
    }

    private static double Bound(string sample)
    {
        string bound = BoundPattern().Match(sample).Groups["bound"].Value;
        return bound == "+Inf" ? double.PositiveInfinity : double.Parse(bound, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("""^(?<name>[a-z_][a-z0-9_]*)(\{(?<label>[a-z][a-z_]*)="([^"\\]|\\[\\"n])*"(,(?<label>[a-z][a-z_]*)="([^"\\]|"""
        + """\\[\\"n])*")*\})? (?<value>\+Inf|-?\d+(\.\d+)?([eE][+-]?\d+)?)$""")]
    private static partial Regex SamplePattern();

    [GeneratedRegex(@",?\ble=""(?<bound>[^""]*)""")]
    private static partial Regex BoundPattern();
}
