using System.Text;

namespace FlowMeter.Learning.Data;

/// <summary>Labels in a table's own column.</summary>
/// <param name="Name">The column.</param>
/// <param name="Positive">Values that mean malicious; one with ! before it means all others. Empty for <c>malicious</c> in any case.</param>
public sealed record LabelColumn(string Name, IReadOnlyList<string> Positive)
{
    /// <summary>The column's name where nobody gives another.</summary>
    public const string DefaultName = "label";

    private const int MostNamed = 12;

    private readonly Dictionary<string, int> _values = [];

    /// <summary>The place of a column of labels: the one of exactly this name, else one of this name in other letters; -1 if there is none.</summary>
    public static int Find(TableColumns columns, string name) =>
        columns.Find(name) is var exact && exact >= 0 ? exact : columns.Find(columns.Header.FirstOrDefault(other => IsOne(other, name)) ?? name);

    /// <summary>Whether a column bears the name of the labels, in letters of any case.</summary>
    public static bool IsOne(string column, string name) => column.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value says benign in so many letters.</summary>
    public static bool IsBenign(ReadOnlySpan<byte> field) => Ascii.EqualsIgnoreCase(field.Trim((byte)' '), "benign"u8);

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
