namespace FlowMeter.Engine.Brokers;

/// <summary>A broker that is known and may be connected to, at any time and as often as needed.</summary>
internal interface IBroker : IDisposable
{
    /// <summary>What messages for people call it.</summary>
    string Name { get; }

    /// <summary>What was typed.</summary>
    BrokerAddress Address { get; }

    /// <summary>Connects.</summary>
    /// <param name="acknowledged">Called for each message that the broker keeps from now on, with its number and whether it had the
    /// message before; from any thread, and not after the link is disposed.</param>
    /// <exception cref="BrokerException">It can not be reached, or refuses.</exception>
    IBrokerLink Connect(Action<long, bool> acknowledged);
}
