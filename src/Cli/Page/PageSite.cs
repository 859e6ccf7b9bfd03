using System.Globalization;
using System.Text;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;
using FlowMeter.Report.Drawing;

namespace FlowMeter.Cli.Page;

/// <summary>
/// The page of a run: <c>/</c>, the page of a flow at <c>/flow</c>, what its script loads, events at <c>/events</c>, and files of flows.
/// All is made on the server's thread; the run is only read.
/// </summary>
internal sealed class PageSite : IHttpSite
{
    private const string JsonType = "application/json";
    private const string HtmlType = "text/html; charset=utf-8";

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly RunWatch _run;
    private readonly PageAccess _access;
    private long _told;
    private bool _hasToldEnd;

    /// <summary>Makes a site.</summary>
    /// <param name="run">The run.</param>
    /// <param name="access">Who may see it.</param>
    public PageSite(RunWatch run, PageAccess access)
    {
        _run = run;
        _access = access;
        _told = run.Series.Count;
    }

    /// <inheritdoc/>
    public HttpAnswer Answer(HttpRequest request)
    {
        HttpAnswer answer = _access.Refuse(request) ?? Find(request);
        return answer with { Fields = answer.Fields + PageAccess.Fields };
    }

    /// <inheritdoc/>
    public byte[]? NextEvent()
    {
        if (_run.Series.Count == _told && _run.IsOver == _hasToldEnd)
        {
            return null;
        }

        _told = _run.Series.Count;
        _hasToldEnd = _run.IsOver;
        return Event();
    }

    private HttpAnswer Find(HttpRequest request) => request.Path switch
    {
        "/" => Markup(PageHtml.Run(_run, PageQuery.Read(request))),
        "/flow" => Detail(request) is { } detail ? Markup(PageHtml.Flow(_run, detail)) : NoFlow(),
        "/flow.json" => Detail(request) is { } detail ? new("200 OK", JsonType, detail.Row.ToArray()) : NoFlow(),
        "/flows.json" => new("200 OK", JsonType, PageJson.Flows(_run, _run.Flows.Find(PageQuery.Read(request)))),
        "/flows.csv" => new(
            "200 OK", "text/csv; charset=utf-8",
            Encoding.UTF8.GetBytes(PageJson.Csv(_run.Flows.Find(PageQuery.Read(request))))),
        "/series.json" => new("200 OK", JsonType, PageJson.Series(_run)),
        "/events" => new("200 OK", "text/event-stream", [.. "retry: 1000\n\n"u8, .. Event()]) { IsStream = true },
        _ => PageAsset.All.GetValueOrDefault(request.Path)?.AnswerTo(request)
            ?? HttpAnswer.Text("404 Not Found", "there is nothing here; the page is at /"),
    };

    private static HttpAnswer NoFlow() =>
        HttpAnswer.Text("404 Not Found", "that flow is not kept any more: newer ones have its place");

    private static HttpAnswer Markup(Html page) => new("200 OK", HtmlType, Encoding.UTF8.GetBytes(page.ToString()));

    private FlowDetail? Detail(HttpRequest request) =>
        long.TryParse(request.Query("n"), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? _run.Flows.Detail(number)
            : null;

    private byte[] Event() => [.. "data: "u8, .. PageJson.Now(_run, _id), .. "\n\n"u8];
}
