using FlowMeter.Report.Drawing;

namespace FlowMeter.Report.Pages;

/// <summary>
/// The page around a report: one file without script that loads nothing. Its content security policy says the same, so that even a fault in
/// the escaping could neither run nor load anything.
/// </summary>
internal static class ReportPage
{
    public static Html Create(string title, Html header, IEnumerable<Html> sections, string program) => Html.Format($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <style>
        {Style()}</style>
        </head>
        <body>
        <main>
        <header>{header}</header>
        {sections}</main>
        <footer>Made by {program}. This page is one file: it needs no network and runs no script.</footer>
        </body>
        </html>

        """);

    /// <summary>A section with its heading.</summary>
    public static Html Section(string id, string title, Html body) => Html.Format($"""
        <section id="{id}"><h2>{title}</h2>{body}</section>

        """);

    private static Html Style() => Html.Style(StyleSheet.OfCharts + StyleSheet.OfPages);
}
