using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>A connection to a broker. For one thread at a time.</summary>
internal interface IBrokerLink : IDisposable
{
    /// <summary>Sends a message, at the latest with the next <see cref="Flush"/>.</summary>
    /// <param name="number">By which it is acknowledged.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="BrokerException">The link is of no use any more.</exception>
    void Send(long number, BlockMessage message);

    /// <summary>Sends what was held back.</summary>
    /// <exception cref="BrokerException">The link is of no use any more.</exception>
    void Flush();

    /// <summary>Whether the link still lives; to be asked several times a second.</summary>
    /// <exception cref="BrokerException">It is of no use any more.</exception>
    void Check();
}
