namespace FlowMeter.Native;

/// <summary>Codes of <c>rd_kafka_resp_err_t</c> for which there is something to be done; negative ones are librdkafka's own.</summary>
public enum KafkaError
{
    /// <summary>A server's name is not known.</summary>
    Resolve = -193,

    /// <summary>No connection.</summary>
    Transport = -195,

    /// <summary>A message was not delivered in time.</summary>
    MessageTimedOut = -192,

    /// <summary>There is no such partition.</summary>
    UnknownPartition = -190,

    /// <summary>There is no such topic.</summary>
    NoTopic = -188,

    /// <summary>No server of the cluster can be reached.</summary>
    AllBrokersDown = -187,

    /// <summary>No answer in time.</summary>
    TimedOut = -185,

    /// <summary>TLS could not be agreed on.</summary>
    Ssl = -181,

    /// <summary>The login was refused.</summary>
    Authentication = -169,

    /// <summary>The producer is of no use any more.</summary>
    Fatal = -150,

    /// <summary>No failure.</summary>
    None = 0,

    /// <summary>The cluster has no such topic or partition.</summary>
    UnknownTopic = 3,

    /// <summary>The partition has no leader at the moment.</summary>
    LeaderNotAvailable = 5,

    /// <summary>The message is longer than the topic takes.</summary>
    MessageTooLarge = 10,

    /// <summary>The topic's name is none.</summary>
    InvalidTopic = 17,

    /// <summary>The user may not write to the topic.</summary>
    TopicAuthorization = 29,

    /// <summary>The user may not produce idempotently.</summary>
    ClusterAuthorization = 31,
}
