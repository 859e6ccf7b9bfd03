using System.Text;

namespace FlowMeter.Engine.Training;

/// <summary>Labels in a table's own column.</summary>
/// <param name="Name">The column.</param>
/// <param name="Positive">Values that mean malicious; one with ! before it means all others. Empty for <c>malicious</c> in any case.</param>
public sealed record LabelColumn(string Name, IReadOnlyList<string> Positive)
{
    private const int MostNamed = 12;

    private readonly Dictionary<string, int> _values = [];

    /// <summary>Whether a value means malicious; null where there is none.</summary>
    public bool? IsPositive(ReadOnlySpan<byte> field)
    {
        string value = Encoding.UTF8.GetString(field).Trim();
        if (_values.Count < 1000 || _values.ContainsKey(value))
        {
            _values[value] = _values.GetValueOrDefault(value) + 1;
        }

        return value.Length == 0 ? null
            : Positive.Count == 0 ? value.Equals("malicious", StringComparison.OrdinalIgnoreCase)
            : Positive.Any(positive => positive.Length > 1 && positive[0] == '!' ? value != positive[1..] : value == positive);
    }

    /// <summary>The values that were seen, the most frequent first.</summary>
    public string Seen()
    {
        string[] named = [.. _values.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"'{pair.Key}' ({pair.Value})")];
        return string.Join(", ", named.Take(MostNamed)) + (named.Length > MostNamed ? " and others" : "");
    }
}
