using System.Globalization;
using System.Text;

namespace FlowMeter.Tests.Oracle;

/// <summary>Compares a CSV table with expected rows as multisets, and says in words where they first differ.</summary>
internal sealed class RecordComparison
{
    private readonly CsvTable _actual;
    private readonly ReferenceTable _expected;
    private readonly double _relative;
    private readonly double _absolute;
    private readonly int[] _identityAt;
    private readonly int[] _numbersAt;

    private RecordComparison(CsvTable actual, ReferenceTable expected, double relative, double absolute)
    {
        (_actual, _expected, _relative, _absolute) = (actual, expected, relative, absolute);
        _identityAt = [.. expected.IdentityColumns.Select(actual.Column)];
        _numbersAt = [.. expected.NumberColumns.Select(actual.Column)];
    }

    /// <summary>
    /// Null where the tables agree. Identity columns agree as text, numbers to within the relative or the absolute tolerance.
    /// Columns of the CSV that nobody expects are not looked at, nor is the order of rows or columns.
    /// </summary>
    public static string? FirstDifference(CsvTable actual, ReferenceTable expected, double relative = 1e-9, double absolute = 0)
    {
        return new RecordComparison(actual, expected, relative, absolute).FirstDifference();
    }

    /// <summary>The reference's records against the CSV of the profile `flowmeter`.</summary>
    public static string? FirstDifference(CsvTable actual, IEnumerable<ReferenceRecord> expected, double relative = 1e-9)
    {
        return FirstDifference(actual, ReferenceRecord.Table(expected), relative);
    }

    private string? FirstDifference()
    {
        string[] wanted = [.. _expected.IdentityColumns, .. _expected.NumberColumns];
        string[] missing = [.. wanted.Except(_actual.Header)];
        if (missing.Length > 0)
        {
            return $"columns are missing: {string.Join(", ", missing)}";
        }
        if (_actual.Rows.FirstOrDefault(row => row.Length != _actual.Header.Length) is { } ragged)
        {
            return $"a row has {ragged.Length} fields where the header has {_actual.Header.Length}: {string.Join(',', ragged)}";
        }

        Dictionary<string, List<string[]>> unmatched = [];
        foreach (string[] row in _actual.Rows)
        {
            string identity = string.Join(',', _identityAt.Select(at => row[at]));
            unmatched.TryAdd(identity, []);
            unmatched[identity].Add(row);
        }
        foreach (ReferenceRow row in _expected.Rows)
        {
            string identity = string.Join(',', row.Identity);
            if (!unmatched.TryGetValue(identity, out List<string[]>? candidates) || candidates.Count == 0)
            {
                return $"expected a row that is not there: {identity}\n{Resembling(row, unmatched)}{Counts()}";
            }
            // Rows of one identity may be several; each takes one that agrees, wherever it is.
            string?[] differences = [.. candidates.Select(candidate => NumbersDifference(row, candidate))];
            int match = Array.IndexOf(differences, null);
            if (match < 0)
            {
                return $"{identity}\n{differences[0]}{Counts()}";
            }
            candidates.RemoveAt(match);
        }
        string? surplus = unmatched.Where(entry => entry.Value.Count > 0).Select(entry => entry.Key).FirstOrDefault();
        return surplus is null ? null : $"a row that nobody expects: {surplus}\n{Counts()}";
    }

    private string? NumbersDifference(ReferenceRow expected, string[] actual)
    {
        StringBuilder differences = new();
        for (int i = 0; i < _numbersAt.Length; i++)
        {
            double want = expected.Numbers[i];
            string text = actual[_numbersAt[i]];
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double have);
            double tolerance = Math.Max(_absolute, _relative * Math.Abs(want));
            // Written so that a NaN never passes.
            if (!isNumber || !(Math.Abs(have - want) <= tolerance))
            {
                differences.Append(
                    CultureInfo.InvariantCulture, $"  {_expected.NumberColumns[i]}: expected {want:R}, the table has {text}\n");
            }
        }
        return differences.Length == 0 ? null : differences.ToString();
    }

    /// <summary>The row left over that agrees in most identity columns: most likely what the expected row has become.</summary>
    private static string Resembling(ReferenceRow row, Dictionary<string, List<string[]>> unmatched)
    {
        string? nearest = unmatched
            .Where(entry => entry.Value.Count > 0)
            .Select(entry => entry.Key)
            .MaxBy(identity => identity.Split(',').Zip(row.Identity).Count(pair => pair.First == pair.Second));
        return nearest is null ? "" : $"the most like it:                 {nearest}\n";
    }

    private string Counts() => $"({_expected.Rows.Count} rows expected, {_actual.Rows.Count} in the table)";
}
