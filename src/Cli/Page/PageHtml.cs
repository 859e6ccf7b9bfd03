using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;
using FlowMeter.Report.Drawing;

namespace FlowMeter.Cli.Page;

/// <summary>
/// The markup of the page. It has all figures in it, so that a browser without script shows them, and shows newer ones when it loads the
/// page again; a script keeps them up to date.
/// </summary>
internal static class PageHtml
{
    /// <summary>Hosts that a table has at most.</summary>
    public const int MaxHosts = 15;

    /// <summary>The page of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="query">Which of its suspicious flows.</param>
    public static Html Run(RunWatch run, FlowQuery query)
    {
        FoundFlows found = run.Flows.Find(query);
        return Page(run.Title, Html.Format($"""
            <header>
            <p class="kicker">FlowMeter</p>
            <h1 id="title">{run.Title}</h1>
            <p id="connection" class="quiet" role="status">{(run.IsOver ? "The run is over." : "As of when the page was loaded.")}</p>
            <noscript><p class="quiet">Without script the figures are those of this moment: load the page again for newer ones.</p></noscript>
            <ul id="problems" class="problems" aria-label="Problems"{Hidden(run.Problems.Count == 0)}>{run.Problems.Select(problem => Html.Format($"<li>{problem}</li>"))}</ul>
            </header>
            <section aria-labelledby="figures-title"><h2 id="figures-title" class="spoken">Figures</h2>
            <dl id="figures" class="tiles">{WatchTables.Figures(run).Select(Tile)}</dl></section>
            <section id="charts" aria-labelledby="charts-title" hidden><div class="heading"><h2 id="charts-title">Over time</h2>
            <div id="span" role="group" aria-label="Time that is shown"><button type="button" data-seconds="300" aria-pressed="true">5 min</button><button type="button" data-seconds="900" aria-pressed="false">15 min</button><button type="button" data-seconds="3600" aria-pressed="false">1 h</button></div></div>
            <div class="charts">{Chart("packets", "Packets a second")}{Chart("traffic", "Traffic, bit/s")}{(run.Flows.HasVerdicts ? Chart("verdicts", "Verdicts, share of the flows that ended") : Html.Empty)}{Chart("memory", "Memory, bytes")}</div></section>
            {Suspicious(run, query, found)}
            <div class="pair">
            <section aria-labelledby="hosts-title"><h2 id="hosts-title">Hosts</h2>{PageTable.Of(WatchTables.Hosts(run.Flows, MaxHosts))}</section>
            <section aria-labelledby="talkers-title"><h2 id="talkers-title">Top talkers</h2>{PageTable.Of(WatchTables.Talkers(run.Flows, MaxHosts))}</section>
            </div>
            """), hasScript: true);
    }

    /// <summary>The page of a suspicious flow.</summary>
    public static Html Flow(RunWatch run, FlowDetail detail)
    {
        WatchedFlow flow = detail.Flow;
        string name = $"{flow[FlowTextField.Source]} → {flow[FlowTextField.Destination]}";
        return Page($"Flow {flow.Number}: {name}", Html.Format($"""
            <header>
            <p class="kicker"><a href="/">FlowMeter: {run.Title}</a></p>
            <h1>{name}</h1>
            </header>
            <section aria-labelledby="verdict-title"><h2 id="verdict-title">Verdict</h2>
            {PageTable.Of(WatchTables.Flows(run.Flows, [flow]), "This flow")}
            {PageTable.OfExplanation(flow[FlowTextField.Explanation])}
            <p><a href="/flow.json?n={flow.Number}" download="flow-{flow.Number}.json">Download as JSON</a></p></section>
            <section aria-labelledby="neighbours-title"><h2 id="neighbours-title">Neighbours</h2>
            {PageTable.Of(WatchTables.Flows(run.Flows, detail.Neighbours) with { Id = "neighbours" }, "Other suspicious flows of its two hosts, the newest first")}</section>
            <section aria-labelledby="features-title"><h2 id="features-title">Columns</h2>
            {PageTable.OfColumns(run.Flows.Columns, detail.Row)}</section>
            """), hasScript: false);
    }

    private static Html Suspicious(RunWatch run, FlowQuery query, FoundFlows found) => Html.Format($"""
        <section aria-labelledby="flows-title"><div class="heading"><h2 id="flows-title">Suspicious flows</h2>
        <form id="search" role="search" method="get" action="/"><label>Search <input type="search" name="q" value="{query.Search}" maxlength="200" autocomplete="off" spellcheck="false"></label><input type="hidden" name="sort" value="{PageQuery.NameOf(query.Order)}"><input type="hidden" name="order" value="{(query.IsAscending ? "asc" : "desc")}"> <button>Search</button></form></div>
        <p class="quiet"><span id="found" role="status">{CountOf(run, found)}</span> <a class="download" href="/flows.csv?{PageQuery.Write(query)}" download="flows.csv">CSV</a> <a class="download" href="/flows.json?{PageQuery.Write(query)}" download="flows.json">JSON</a></p>
        {PageTable.OfFlows(WatchTables.Flows(run.Flows, found.Flows), query)}</section>
        """);

    /// <summary>How many flows there are.</summary>
    public static string CountOf(RunWatch run, FoundFlows found) =>
        !run.Flows.HasVerdicts ? "There is no model, so no flow is judged."
        : found.Matching > found.Flows.Count ? $"{Readable.Count(found.Matching)} of {Readable.Count(found.Kept)} kept flows, the first "
            + $"{Readable.Count(found.Flows.Count)} are shown."
        : $"{Readable.Count(found.Matching)} of {Readable.Count(found.Kept)} kept flows.";

    private static Html Hidden(bool isHidden) => isHidden ? Html.Format($" hidden") : Html.Empty;

    private static Html Tile(WatchFigure figure) => Html.Format($"""
        <div class="tile{(figure.IsBad ? " bad" : "")}"><dt>{figure.Name}</dt><dd><strong>{figure.Value}</strong> <span>{figure.Detail}</span></dd></div>
        """);

    private static Html Chart(string id, string caption) => Html.Format($"""
        <figure class="chart"><figcaption>{caption}</figcaption><div id="chart-{id}" role="img" aria-label="{caption}"></div></figure>
        """);

    private static Html Page(string title, Html body, bool hasScript) => Html.Format($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} – FlowMeter</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/uplot.css">
        <link rel="stylesheet" href="/page.css">
        {(hasScript ? Html.Format($"""<script src="/uplot.js" defer></script><script src="/page.js" defer></script>""") : Html.Empty)}
        </head>
        <body>
        <main>
        {body}
        </main>
        <footer>flowmeter {ProgramVersion.Number}. Charts: <a href="/uplot-license.txt">uPlot</a>.</footer>
        </body>
        </html>

        """);
}
