using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct rd_kafka_metadata</c>: brokers and topics of a cluster.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct KafkaMetadata
{
    public readonly int BrokerCount;
    public readonly nint Brokers;
    public readonly int TopicCount;
    public readonly Topic* Topics;
    public readonly int AnsweringBroker;
    public readonly byte* AnsweringBrokerName;

    /// <summary><c>struct rd_kafka_metadata_topic</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct Topic
    {
        public readonly byte* Name;
        public readonly int PartitionCount;
        public readonly nint Partitions;
        public readonly KafkaError Error;
    }
}
