namespace FlowMeter.Native;

/// <summary>What a producer says that has failed.</summary>
/// <param name="Error">Its code.</param>
/// <param name="Reason">What librdkafka says about it, on one line.</param>
public readonly record struct KafkaFailure(KafkaError Error, string Reason);
