using System.Text;

namespace FlowMeter.Cli.Telemetry;

/// <summary>What is answered to a request.</summary>
/// <param name="Status">Code and reason, as in "200 OK".</param>
/// <param name="MediaType">What the body is.</param>
/// <param name="Body">The body.</param>
internal sealed record MetricsAnswer(string Status, string MediaType, byte[] Body)
{
    /// <summary>A line of text.</summary>
    public static MetricsAnswer Text(string status, string line) =>
        new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(line + "\n"));
}
