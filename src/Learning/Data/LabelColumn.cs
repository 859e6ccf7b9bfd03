using System.Text;

namespace FlowMeter.Learning.Data;

/// <summary>The column of a table that has the labels, and what its values mean. It also counts the values, for messages.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Positive">Values that mean malicious; <c>!VALUE</c> means all but this one. Empty: <c>malicious</c>, in letters of any
/// case.</param>
public sealed record LabelColumn(string Name, IReadOnlyList<string> Positive)
{
    /// <summary>The default name of the column.</summary>
    public const string DefaultName = "label";

    private const int MaxNamed = 12;

    private readonly Dictionary<string, int> _values = [];

    /// <summary>
    /// The number of the column of labels: the one of exactly this name, else the first of this name in letters of any case; -1 if there is
    /// none.
    /// </summary>
    public static int Find(TableColumns columns, string name) =>
        columns.Find(name) is var exact && exact >= 0
            ? exact
            : columns.Find(columns.Header.FirstOrDefault(other => IsNamed(other, name)) ?? name);

    /// <summary>Whether a column has the name of the label column, in letters of any case.</summary>
    public static bool IsNamed(string column, string name) => column.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value is <c>benign</c>, in letters of any case.</summary>
    public static bool IsBenign(ReadOnlySpan<byte> field) => Ascii.EqualsIgnoreCase(field.Trim((byte)' '), "benign"u8);

    /// <summary>Whether a value means malicious; null for an empty one.</summary>
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

    /// <summary>The values of the rows so far and how often each was there, the most frequent first, as text for a message.</summary>
    public string Seen()
    {
        string[] named = [.. _values.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(
            pair => $"'{pair.Key}' ({pair.Value})")];
        return string.Join(", ", named.Take(MaxNamed)) + (named.Length > MaxNamed ? " and others" : "");
    }
}
