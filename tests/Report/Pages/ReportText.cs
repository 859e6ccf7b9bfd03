using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Report.Pages;

/// <summary>A page taken apart, by other means than those that made it.</summary>
internal static partial class ReportText
{
    /// <summary>The figure whose heading this is.</summary>
    public static string Chart(string page, string heading) =>
        Figures().Matches(page).Select(match => match.Value).Single(
            figure => figure.Contains($"<h3>{WebUtility.HtmlEncode(heading)}</h3>", StringComparison.Ordinal));

    /// <summary>The exact numbers of a part of the page, in order.</summary>
    public static double[] Numbers(string part) =>
        [.. Data().Matches(part).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>The path of this class, as points: moves, lines, and level and upright lines.</summary>
    public static (double X, double Y)[] Path(string part, string css)
    {
        string data = Regex.Match(part, $"<path class=\"{css}\" d=\"([^\"]*)\"").Groups[1].Value;
        List<(double, double)> points = [];
        (double x, double y) = (0, 0);
        foreach (Match step in Steps().Matches(data))
        {
            double[] numbers = [.. step.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(
                number => double.Parse(number, CultureInfo.InvariantCulture))];
            (x, y) = step.Groups[1].Value switch { "H" => (numbers[0], y), "V" => (x, numbers[0]), _ => (numbers[0], numbers[1]) };
            if (step.Groups[1].Value != "H")
            {
                points.Add((x, y));
            }
        }

        return [.. points];
    }

    /// <summary>What must hold for every page: one file, no script, nothing fetched, every tag closed.</summary>
    public static void AssertSelfContained(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Foreign(), page);
        Assert.DoesNotMatch(Handler(), Values().Replace(page, "=\"\""));
        foreach (string tag in new[]
        {
            "div", "section", "table", "tr", "td", "th", "svg", "text", "figure", "details", "data", "ul", "p", "main",
        })
        {
            Assert.Equal((tag, Regex.Count(page, $"<{tag}[\\s>]")), (tag, Regex.Count(page, $"</{tag}>")));
        }

        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", page, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<figure.*?</figure>", RegexOptions.Singleline)]
    private static partial Regex Figures();

    [GeneratedRegex("<data value=\"([^\"]*)\">")]
    private static partial Regex Data();

    [GeneratedRegex("([MLHV])([^MLHVZ]*)")]
    private static partial Regex Steps();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex Values();

    [GeneratedRegex("<[^>]*\\son\\w+=")]
    private static partial Regex Handler();

    [GeneratedRegex("<script|<img|<link|<iframe|<object|@import|url\\(|https?://|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Foreign();
}
