using System.Net;
using System.Net.Sockets;
using FlowMeter.Cli.Http;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// Serves <c>/metrics</c>, <c>/healthz</c> (does it live?) and <c>/readyz</c> (does it work?), on a thread that reads the workers' counters
/// without asking them.
/// </summary>
internal sealed class MetricsServer : IHttpSite, IDisposable
{
    private const int MaxConnections = 16;

    private readonly Func<byte[]> _metrics;
    private readonly Func<bool> _isAlive;
    private readonly Func<IReadOnlyList<string>> _problems;
    private readonly HttpServer _server;

    /// <summary>Serves from now on.</summary>
    /// <param name="listener">What <see cref="Listen"/> returned; owned from now on.</param>
    /// <param name="metrics">Makes the page of <c>/metrics</c>; called on the server's thread.</param>
    /// <param name="isAlive">Whether the metering makes progress; called on the server's thread.</param>
    /// <param name="problems">What keeps it from its work, a line each; called on the server's thread.</param>
    public MetricsServer(Socket listener, Func<byte[]> metrics, Func<bool> isAlive, Func<IReadOnlyList<string>> problems)
    {
        _metrics = metrics;
        _isAlive = isAlive;
        _problems = problems;
        _server = new HttpServer(listener, this, "metrics", MaxConnections, streams: 0);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _server.Address;

    /// <summary>Listens; may be done with more rights than serving.</summary>
    /// <param name="address">Where; port 0 for any that is free.</param>
    /// <exception cref="ListenException">Nothing can listen there.</exception>
    public static Socket Listen(IPEndPoint address) => HttpServer.Listen("--metrics", address);

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    /// <inheritdoc/>
    HttpAnswer IHttpSite.Answer(HttpRequest request) => request.Path switch
    {
        "/metrics" => new HttpAnswer("200 OK", MetricsText.MediaType, _metrics()),
        "/healthz" => _isAlive()
            ? HttpAnswer.Text("200 OK", "ok")
            : HttpAnswer.Text("503 Service Unavailable", "a worker has made no progress for some time"),
        "/readyz" => _problems() is { Count: > 0 } problems
            ? HttpAnswer.Text("503 Service Unavailable", string.Join('\n', problems))
            : HttpAnswer.Text("200 OK", "ok"),
        _ => HttpAnswer.Text("404 Not Found", "there are /metrics, /healthz and /readyz"),
    };

    /// <inheritdoc/>
    byte[]? IHttpSite.NextEvent() => null;
}
