using System.CommandLine;
using System.Net;

namespace FlowMeter.Cli.Options;

/// <summary>The options of the page that a run serves.</summary>
internal static class PageOptions
{
    /// <summary><c>--page ADDRESS:PORT</c>.</summary>
    public static Option<IPEndPoint?> Page() => ListenAddress.Option(
        "--page",
        "Serve a page about the run for a browser: rates, verdicts, hosts, suspicious flows. A port alone listens on loopback; for "
            + "any other address viewers need a token. Default: off.");

    /// <summary><c>--page-token-file PATH</c>.</summary>
    public static Option<string?> TokenFile() => new("--page-token-file")
    {
        Description = "The first line of this file is the token of --page, 16 letters and digits or more. Default: on loopback none, "
            + "else one that is made and printed at the start.",
        HelpName = "PATH",
    };
}
