using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// A NATS server with JetStream, or a cluster of them. Names are looked up and files read when it is made; a run that gives up the right to
/// either may connect all the same.
/// </summary>
internal sealed class NatsBroker : IBroker
{
    private readonly NatsLogin _login;
    private readonly IReadOnlyList<NatsServer> _servers;
    private readonly TimeProvider _clock;
    private int _turn;

    /// <summary>Prepares connections.</summary>
    /// <exception cref="OutputException">A server is not known, or a file can not be used.</exception>
    public NatsBroker(BrokerAddress address, TimeProvider clock)
    {
        (Address, _clock) = (address, clock);
        _servers = address.Resolve();
        _login = new NatsLogin(address);
    }

    /// <inheritdoc/>
    public BrokerAddress Address { get; }

    /// <inheritdoc/>
    public string Name => Address.Name;

    /// <inheritdoc/>
    public IBrokerLink Connect(Action<long, bool> acknowledged) => new NatsLink(this, acknowledged, _clock);

    /// <summary>Connects to the server that answered last, or else to the next that does.</summary>
    /// <param name="received">Takes what comes.</param>
    /// <exception cref="BrokerException">None does.</exception>
    public NatsConnection Open(Action<NatsMessage> received)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new NatsConnection(_servers[_turn % _servers.Count], _login, _clock, received);
            }
            catch (BrokerException)
            {
                _turn++;
                if (tries >= _servers.Count)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Has the next connection go to another server.</summary>
    public void Turn() => _turn++;

    /// <inheritdoc/>
    public void Dispose() => _login.Dispose();
}
