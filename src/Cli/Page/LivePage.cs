using System.Net;
using System.Net.Sockets;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Page;

/// <summary>
/// The page that a run serves (<c>--page</c>). It listens before the run gives up rights and enters its sandbox, and answers once the run
/// has begun.
/// </summary>
internal sealed class LivePage : IDisposable
{
    private const int MaxConnections = 128;
    private const int MaxViewers = 128;

    private readonly Socket _listener;
    private readonly IPEndPoint _address;
    private readonly PageToken? _token;
    private HttpServer? _server;

    private LivePage(IPEndPoint address, PageToken? token)
    {
        _token = token;
        _listener = HttpServer.Listen("--page", address);
        _address = (IPEndPoint)_listener.LocalEndPoint!;
    }

    /// <summary>Where the page is; with the token, if nobody else knows it.</summary>
    public string Location => $"http://{Host}:{_address.Port}/{(_token is { IsMade: true } ? $"?token={_token.Text}" : "")}";

    private string Host => _address.Address.Equals(IPAddress.Any) || _address.Address.Equals(IPAddress.IPv6Any) ? Environment.MachineName
        : _address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{_address.Address}]"
        : _address.Address.ToString();

    /// <summary>Listens.</summary>
    /// <param name="address">Where; null: there is no page.</param>
    /// <param name="tokenFile">The file that has the token; null: one is made, where there has to be one.</param>
    /// <returns>The page; null where none was asked for.</returns>
    /// <exception cref="UsageException">A token is given, and no page.</exception>
    /// <exception cref="ListenException">Nothing can listen there, or there is no token in the file.</exception>
    public static LivePage? Open(IPEndPoint? address, string? tokenFile)
    {
        if (address == null)
        {
            return tokenFile == null
                ? null
                : throw new UsageException("--page-token-file: is for --page; give both or neither.");
        }

        return new LivePage(address, tokenFile != null ? PageToken.Read(tokenFile)
            : IPAddress.IsLoopback(address.Address) ? null
            : PageToken.Make());
    }

    /// <summary>The plan of a run that has a page: scores are explained.</summary>
    /// <param name="page">The page; null: the plan stays as it is.</param>
    /// <param name="plan">The plan.</param>
    public static MeteringPlan Fit(LivePage? page, MeteringPlan plan) =>
        page == null ? plan : plan with { Options = FlowWatch.With(plan.Options) };

    /// <summary>Answers from now on, and says where.</summary>
    /// <param name="run">The run.</param>
    /// <param name="notes">Where the line goes. A token that was made is told in any case.</param>
    public void Serve(RunWatch run, Notes notes)
    {
        _server = new HttpServer(
            _listener, new PageSite(run, new PageAccess(_address, _token?.Text)), "page", MaxConnections, MaxViewers);
        if (_token is { IsMade: true })
        {
            Notes.Tell($"page: {Location}");
        }
        else
        {
            notes.Note($"page: {Location}");
        }
    }

    /// <summary>Goes on answering until it is told to stop: who reads a file wants to see what was in it.</summary>
    /// <param name="run">The run, which is over.</param>
    /// <param name="stop">Ends it. The exit code of the run is known by now.</param>
    /// <param name="notes">Where a line about it goes.</param>
    public void Stay(RunWatch run, StopSignal stop, Notes notes)
    {
        run.Finish();
        if (!stop.Token.IsCancellationRequested)
        {
            notes.Note($"all is done; the page stays at {Location} until Ctrl-C");
            stop.Token.WaitHandle.WaitOne();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server?.Dispose();
        _listener.Dispose();
    }
}
