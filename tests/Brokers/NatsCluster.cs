using System.Globalization;
using FlowMeter.Engine.Brokers;

namespace FlowMeter.Tests.Brokers;

/// <summary>Three servers of NATS that keep a stream together.</summary>
internal sealed class NatsCluster : IDisposable
{
    private readonly NatsServerProcess[] _servers;

    public NatsCluster()
    {
        int[] ports = [.. Enumerable.Range(0, 3).Select(_ => NatsServerProcess.FreePort())];
        string routes = string.Join(", ", ports.Select(port => string.Create(
            CultureInfo.InvariantCulture, $"\"nats://127.0.0.1:{port}\"")));
        _servers =
        [
            .. ports.Select((port, number) => new NatsServerProcess(string.Create(
                CultureInfo.InvariantCulture,
                $"server_name: n{number}\ncluster {{ name: test, listen: \"127.0.0.1:{port}\", routes: [{routes}] }}"))),
        ];
        _servers[0].MakeStream(replicas: 3);
    }

    /// <summary>The address of the subject flows at all servers.</summary>
    public BrokerAddress Address
    {
        get
        {
            IEnumerable<string> hosts = _servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"));
            return BrokerAddress.Parse($"nats://{string.Join(',', hosts)}/flows");
        }
    }

    public NatsServerProcess this[int number] => _servers[number];

    public void Dispose()
    {
        foreach (NatsServerProcess server in _servers)
        {
            server.Dispose();
        }
    }
}
