namespace FlowMeter.Native;

/// <summary>librdkafka is not there, or refuses what it was given. The message is a part of a sentence.</summary>
public sealed class KafkaException : Exception
{
    /// <summary>Makes the exception.</summary>
    public KafkaException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception of a failure.</summary>
    public KafkaException(KafkaFailure failure)
        : base(failure.Reason) => Failure = failure;

    /// <summary>What has failed; null where nothing was sent yet.</summary>
    public KafkaFailure? Failure { get; }
}
