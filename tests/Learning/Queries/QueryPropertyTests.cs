using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>Random expressions on random rows, beside a slow and obvious evaluation of the same tree.</summary>
public sealed class QueryPropertyTests
{
    private const string Header = "start_time,src_ip,src_port,dst_ip,dst_port,duration_us,bytes,end_reason,score,verdict";

    private static readonly string[] s_reasons = ["idle", "active", "end", ""];
    private static readonly string[] s_verdicts = ["benign", "malicious", "undecided"];
    private static readonly string[] s_addresses = ["10.0.0.1", "10.0.7.2", "192.0.2.1", "2001:db8::1", "2001:db8:1::9", "fe80::1"];
    private static readonly string[] s_networks = ["10.0.0.0/8", "10.0.0.0/22", "0.0.0.0/0", "2001:db8::/48", "2001:db8::/32", "::/0"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_expression_means_what_its_parts_mean(int seed)
    {
        Random random = new(seed);
        Dictionary<string, string>[] rows = [.. Enumerable.Range(0, 40).Select(_ => Row(random))];
        string table = Header + "\n" + string.Concat(
            rows.Select(row => string.Join(',', Header.Split(',').Select(name => row[name])) + "\n"));
        for (int i = 0; i < 300; i++)
        {
            (string text, Func<Dictionary<string, string>, bool> meaning) = Expression(random, 4);
            string expected = string.Join(' ', rows.Index().Where(row => meaning(row.Item)).Select(row => row.Index + 1));
            Assert.True(expected == QueryTable.Matching(table, text), $"seed {seed}: {text}");
        }
    }

    private static Dictionary<string, string> Row(Random random) => new()
    {
        ["start_time"] = $"2026-11-{random.Next(26, 29)}T{random.Next(24):00}:00:00.00000000{random.Next(2)}Z",
        ["src_ip"] = Pick(random, s_addresses),
        ["src_port"] = Number(random.Next(5)),
        ["dst_ip"] = Pick(random, s_addresses),
        ["dst_port"] = Number(random.Next(5)),
        ["duration_us"] = Number(random.Next(4) * 1_000_000),
        ["bytes"] = random.Next(5) == 0 ? "" : Number(random.Next(4) * 1000),
        ["end_reason"] = Pick(random, s_reasons),
        ["score"] = random.Next(5) == 0 ? "" : (random.Next(5) / 4.0).ToString(CultureInfo.InvariantCulture),
        ["verdict"] = Pick(random, s_verdicts),
    };

    private static (string Text, Func<Dictionary<string, string>, bool> Meaning) Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            return Comparison(random);
        }

        (string one, var meaningOfOne) = Expression(random, depth - 1);
        (string other, var meaningOfOther) = Expression(random, depth - 1);
        return random.Next(3) switch
        {
            0 => ($"({one}) and ({other})", row => meaningOfOne(row) && meaningOfOther(row)),
            1 => ($"({one}) or ({other})", row => meaningOfOne(row) || meaningOfOther(row)),
            _ => ($"not ({one})", row => !meaningOfOne(row)),
        };
    }

    private static (string Text, Func<Dictionary<string, string>, bool> Meaning) Comparison(Random random)
    {
        switch (random.Next(7))
        {
            case 0:
                return Ordered(random, Pick(random, ["src_port", "dst_port"]), Number(random.Next(5)), Parse);
            case 1:
                int seconds = random.Next(4);
                return Ordered(random, "duration_us", $"{seconds}s", text => Parse(text) / 1e6, seconds);
            case 2:
                int thousands = random.Next(4);
                return Ordered(random, "bytes", $"{thousands}kB", Parse, thousands * 1000);
            case 3:
                return Ordered(
                    random, "start_time", $"2026-11-{random.Next(26, 29)}T{random.Next(24):00}:00:00Z", Ticks);
            case 4:
                string network = Pick(random, s_networks);
                string end = Pick(random, ["src_ip", "dst_ip", "ip"]);
                return ($"{end} in {network}", row => (end == "ip" ? ["src_ip", "dst_ip"] : new[] { end }).Any(
                    name => IPNetwork.Parse(network).Contains(IPAddress.Parse(row[name]))));
            case 5:
                string[] verdicts = [.. s_verdicts.Where(_ => random.Next(2) == 0).DefaultIfEmpty("benign")];
                bool isNegated = random.Next(2) == 0;
                return ($"verdict {(isNegated ? "not " : "")}in ({string.Join(", ", verdicts)})",
                    row => verdicts.Contains(row["verdict"]) != isNegated);
            default:
                string letter = Pick(random, ["i", "e$", "^a", "."]);
                return ($"end_reason ~ '{letter}'",
                    row => Regex.IsMatch(row["end_reason"], letter));
        }
    }

    private static (string Text, Func<Dictionary<string, string>, bool> Meaning) Ordered(
        Random random, string name, string written, Func<string, double> read, double? known = null)
    {
        double value = known ?? read(written);
        string comparison = Pick(random, ["==", "!=", "<", "<=", ">", ">="]);
        return ($"{name} {comparison} {written}", row =>
        {
            double number = row[name].Length == 0 ? double.NaN : read(row[name]);
            return comparison switch
            {
                "==" => number == value,
                "!=" => number != value,
                "<" => number < value,
                "<=" => number <= value,
                ">" => number > value,
                _ => number >= value,
            };
        });
    }

    /// <summary>Nanoseconds since the beginning of the month.</summary>
    private static double Ticks(string time)
    {
        DateTimeOffset instant = DateTimeOffset.Parse(time[..19] + "Z", CultureInfo.InvariantCulture);
        double fraction = time.Length > 20 ? int.Parse(time[20..^1], CultureInfo.InvariantCulture) : 0;
        return ((instant - new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds * 1e9) + fraction;
    }

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
