using System.Globalization;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// Rows of the Python program beside ours. It leaves DNS flows out of its table, has no success columns, joins its flow ids with other
/// marks and writes times of another form: a row is found by its ends, counts and time. Where it has nan or inf SPEC §6 has 0. It keeps
/// times as doubles, rounded to 0.24 µs, so that a gap may be off by as much: no relative tolerance covers that for gaps of some µs.
/// </summary>
internal static class AppFlowGolden
{
    private const double Relative = 1e-9;
    private const double RelativeOfTimes = 1e-3;
    private const double Rounding = 0.24e-6;

    private static readonly string[] s_key =
        ["src_ip", "src_port", "dst_ip", "dst_port", "protocol", "packets_numbers", "receiving_packets_numbers", "sending_packets_numbers"];
    private static readonly string[] s_texts = ["flow_id", "timestamp"];

    /// <summary>Keeps the order but for the success columns, which the program did not write.</summary>
    public static IComparer<string> SuccessLast { get; } =
        Comparer<string>.Create((left, right) => left.StartsWith("success", StringComparison.Ordinal).CompareTo(
            right.StartsWith("success", StringComparison.Ordinal)));

    public static string? FirstDifference(CsvTable golden, CsvTable actual)
    {
        List<string[]> left = [.. actual.Rows.Where(row => row[actual.Column("protocol")] != "DNS")];
        foreach (string[] want in golden.Rows)
        {
            string key = Key(golden, want);
            string[]? have = left.Find(row => Key(actual, row) == key);
            if (have is null)
            {
                return $"expected a row that is not there: {key}";
            }
            left.Remove(have);
            foreach (string column in golden.Header.Except(s_key).Except(s_texts))
            {
                double expected = Number(golden, want, column);
                double value = Number(actual, have, column);
                if (!(Math.Abs(value - expected) <= Tolerance(golden, want, column, expected)))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{key}: {column}: expected {expected:R}, the table has {value:R}");
                }
            }
        }
        return left.Count == 0 ? null : $"a row that nobody expects: {Key(actual, left[0])}";
    }

    private static double Tolerance(CsvTable golden, string[] row, string column, double expected)
    {
        if (column.StartsWith("mode_", StringComparison.Ordinal) && column.EndsWith("_time", StringComparison.Ordinal))
        {
            // Which gap is the most frequent one is decided by the rounding.
            return double.PositiveInfinity;
        }
        if (!column.EndsWith("_delta_time", StringComparison.Ordinal))
        {
            return Math.Abs(expected)
                * (column.EndsWith("rate", StringComparison.Ordinal) || column == "duration" ? RelativeOfTimes : Relative);
        }
        string direction = column.Contains("receiving", StringComparison.Ordinal) ? "receiving" : "sending";
        double mean = Number(golden, row, $"mean_{direction}_packets_delta_time");
        double deviation = Number(golden, row, $"standard_deviation_{direction}_packets_delta_time");
        double rounding = column.Split('_')[0] switch
        {
            "min" or "max" or "mean" or "median" or "standard" => Rounding,
            "variance" => (2 * deviation * Rounding) + (Rounding * Rounding),
            "coefficient" => mean > Rounding ? Rounding * (1 + (deviation / mean)) / (mean - Rounding) : 0,
            _ => 0,
        };
        return Math.Max(Math.Abs(expected) * RelativeOfTimes, rounding);
    }

    private static double Number(CsvTable table, string[] row, string column)
    {
        // Quotients of 0, which SPEC §6 has as 0.
        string text = row[table.Column(column)];
        return text is "nan" or "inf" or "-inf" ? 0 : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static string Key(CsvTable table, string[] row)
    {
        // The program writes six decimals and no zone; ours are RFC 3339.
        string time = row[table.Column("timestamp")].Replace('T', ' ').PadRight(26, '0')[..26];
        return string.Join(',', s_key.Select(column => row[table.Column(column)])) + "," + time;
    }
}
