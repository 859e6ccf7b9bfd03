using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowMeter.Learning.Data;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Tests.Report.Pages;

/// <summary>Pages as a browser shows them. A page itself runs no script; to measure it, a copy without its policy gets one.</summary>
public sealed class BrowserTests
{
    private const string Measure = """
        <script>
        window.addEventListener("load", () => {
          const found = { width: innerWidth, scroll: document.documentElement.scrollWidth, paper: getComputedStyle(document.body).backgroundColor, charts: [], outside: [], small: [], meeting: [] };
          const wide = document.documentElement.clientWidth;
          for (const svg of document.querySelectorAll("svg[role=img]")) {
            if (svg.getBoundingClientRect().width === 0) continue;
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            const texts = [...svg.querySelectorAll("text")];
            found.charts.push({ name: svg.getAttribute("aria-label"), labels: texts.filter(t => t.classList.contains("label")).map(t => t.textContent), ticks: texts.filter(t => t.classList.contains("tick")).length });
            const boxes = texts.map(t => [t, t.getBoundingClientRect()]);
            for (const [text, box] of boxes) {
              if (box.left < -0.5 || box.right > wide + 0.5) found.outside.push(text.textContent);
              if (scale * parseFloat(getComputedStyle(text).fontSize) < 11) found.small.push(text.textContent);
            }
            const fixed = boxes.filter(([t]) => t.classList.contains("tick") || t.classList.contains("label"));
            for (let i = 0; i < fixed.length; i++) for (let j = i + 1; j < fixed.length; j++) {
              const [a, b] = [fixed[i][1], fixed[j][1]];
              if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
                found.meeting.push(svg.getAttribute("aria-label") + ": " + fixed[i][0].textContent + " / " + fixed[j][0].textContent);
            }
          }
          const out = document.createElement("script");
          out.type = "application/json"; out.id = "measured"; out.textContent = JSON.stringify(found).replaceAll("<", "\\u003c");
          parent.document.body.append(out);
        });
        </script></body>
        """;

    private static readonly Lazy<Dictionary<string, string>> s_pages = new(() => new()
    {
        ["model"] = ModelPages.Page(ModelPages.Trained()),
        ["hostile"] = ModelPages.Page(ModelPages.Trained(
            ModelPages.Hostile, ModelPages.Hostile + new string('w', 200), ModelPages.Hostile)),
        ["judged"] = Table(ModelPages.Table(3000, hasVerdicts: true, "2001:db8:1234:5678:9abc:def0:1234:5678")),
        ["unjudged"] = Table(ModelPages.Table(3000, hasVerdicts: false, ModelPages.Hostile)),
    });

    [ChromiumTheory]
    [InlineData("model")]
    [InlineData("hostile")]
    [InlineData("judged")]
    [InlineData("unjudged")]
    public void A_page_opens_without_a_word_on_the_console(string name)
    {
        (string dom, string[] console) = Chromium.Open(s_pages.Value[name], 1200);
        Assert.Empty(console);
        Assert.Equal(Regex.Count(s_pages.Value[name], "<svg "), Regex.Count(dom, "<svg "));
        Assert.DoesNotContain("<script", dom, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public void The_policy_of_the_page_stops_scripts_and_pictures_and_the_console_tells()
    {
        string page = s_pages.Value["model"].Replace(
            "</body>", "<script>document.body.dataset.ran = 1</script><img src=\"data:image/png;base64,AA\"></body>",
            StringComparison.Ordinal);
        (string dom, string[] console) = Chromium.Open(page, 1200);
        Assert.Equal(2, console.Length);
        Assert.DoesNotContain("data-ran", dom, StringComparison.Ordinal);
    }

    [ChromiumTheory]
    [InlineData("model", 390, 10)]
    [InlineData("model", 780, 10)]
    [InlineData("model", 1200, 10)]
    [InlineData("hostile", 390, 10)]
    [InlineData("judged", 390, 3)]
    [InlineData("judged", 820, 3)]
    [InlineData("judged", 1200, 3)]
    [InlineData("unjudged", 390, 2)]
    public void Every_chart_is_there_labelled_legible_and_within_the_window(string name, int width, int minCharts)
    {
        JsonElement found = Measured(s_pages.Value[name], width);
        Assert.Equal(width, found.GetProperty("width").GetInt32());
        Assert.InRange(found.GetProperty("scroll").GetInt32(), 1, width);
        JsonElement[] charts = [.. found.GetProperty("charts").EnumerateArray()];
        Assert.InRange(charts.Length, minCharts, 40);
        Assert.All(
            charts.Where(chart => !chart.GetProperty("name").GetString()!.StartsWith("Verdicts", StringComparison.Ordinal)),
            chart => Assert.NotEqual(0, chart.GetProperty("labels").GetArrayLength()));
        Assert.Empty(Texts(found, "outside"));
        Assert.Empty(Texts(found, "small"));
        Assert.Empty(Texts(found, "meeting"));
    }

    [ChromiumFact]
    public void It_is_dark_where_the_reader_wants_it_dark()
    {
        string light = Measured(s_pages.Value["judged"], 1200).GetProperty("paper").GetString()!;
        string dark = Measured(s_pages.Value["judged"], 1200, "--blink-settings=preferredColorScheme=0").GetProperty("paper").GetString()!;
        Assert.Equal(("rgb(253, 253, 251)", "rgb(21, 23, 27)"), (light, dark));
    }

    private static JsonElement Measured(string page, int width, params string[] options)
    {
        string copy = Regex.Replace(page, "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "").Replace(
            "</body>", Measure, StringComparison.Ordinal);

        // A window has a least width, a frame has not.
        string host = $"<!DOCTYPE html><body><iframe style=\"border:0;width:{width}px;height:900px\" "
            + $"srcdoc=\"{WebUtility.HtmlEncode(copy)}\"></iframe></body>";
        (string dom, string[] console) = Chromium.Open(host, 1300, options);
        Assert.Empty(console);
        return JsonDocument.Parse(Regex.Match(
            dom, "<script type=\"application/json\" id=\"measured\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;
    }

    private static IEnumerable<string?> Texts(JsonElement found, string name) =>
        found.GetProperty(name).EnumerateArray().Select(text => text.GetString());

    private static string Table(string text)
    {
        using FlowTableReader table = new(
            new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "flows.csv"), "flows.csv", _ => { });
        return Encoding.UTF8.GetString(TableReport.Make(TableStatistics.Read(table), "flowmeter 1.2.3"));
    }
}
