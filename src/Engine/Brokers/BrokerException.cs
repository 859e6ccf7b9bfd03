namespace FlowMeter.Engine.Brokers;

/// <summary>A broker that can not be used: away, refusing, or not what it should be.</summary>
public sealed class BrokerException : Exception
{
    /// <summary>Makes the exception with a reason as a part of a sentence, and what to do about it.</summary>
    public BrokerException(string message, string advice, Exception? inner = null)
        : base(message, inner)
    {
        Advice = advice;
    }

    /// <summary>What is to be done, as a part of a sentence.</summary>
    public string Advice { get; }
}
