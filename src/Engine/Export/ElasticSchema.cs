using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Flows by the names of the Elastic Common Schema 8.17: who a flow is between, when, and what it counts. What the schema has no name for
/// is <c>flowmeter.</c> and the column's name. The table is in docs/outputs.md.
/// </summary>
internal static class ElasticSchema
{
    /// <summary>What is the same in every object, as members behind its opening brace.</summary>
    public const string Constants = "\"ecs.version\":\"8.17.0\",\"event.kind\":\"event\",\"event.category\":[\"network\"],"
        + "\"event.type\":[\"connection\",\"end\"],\"event.dataset\":\"flowmeter.flow\",";

    private static readonly JsonColumn[] s_identity =
    [
        new("@timestamp", JsonCell.Text, ColumnSource.EndTime, -1),
        new("event.start", JsonCell.Text, ColumnSource.StartTime, -1),
        new("event.end", JsonCell.Text, ColumnSource.EndTime, -1),
        new("source.ip", JsonCell.Text, ColumnSource.SourceAddress, -1),
        new("source.port", JsonCell.Number, ColumnSource.SourcePort, -1),
        new("destination.ip", JsonCell.Text, ColumnSource.DestinationAddress, -1),
        new("destination.port", JsonCell.Number, ColumnSource.DestinationPort, -1),
        new("network.type", JsonCell.NetworkType, ColumnSource.Protocol, -1),
        new("network.transport", JsonCell.Transport, ColumnSource.Protocol, -1),
        new("network.iana_number", JsonCell.Number, ColumnSource.Protocol, -1),
    ];

    // Only what means the same: bytes of packets with their headers, packets, nanoseconds.
    private static readonly Dictionary<string, string> s_counters = new()
    {
        ["packets"] = "network.packets",
        ["fwd_packets"] = "source.packets",
        ["bwd_packets"] = "destination.packets",
        ["bytes"] = "network.bytes",
        ["fwd_bytes"] = "source.bytes",
        ["bwd_bytes"] = "destination.bytes",
        ["Total Fwd Packet"] = "source.packets",
        ["Total Bwd packets"] = "destination.packets",
        ["packets_numbers"] = "network.packets",
        ["sending_packets_numbers"] = "source.packets",
        ["receiving_packets_numbers"] = "destination.packets",
        ["flowLength"] = "network.packets",
        ["fwdFlowLength"] = "source.packets",
        ["bwdFlowLength"] = "destination.packets",
        ["packetSizeTotal"] = "network.bytes",
        ["fwdPacketSizeTotal"] = "source.bytes",
        ["bwdPacketSizeTotal"] = "destination.bytes",
    };

    /// <summary>The values of a table by these names; none of its columns is left out.</summary>
    public static IReadOnlyList<JsonColumn> Of(IReadOnlyList<Column> columns) =>
    [
        .. s_identity,
        .. columns
            .Where(column => !s_identity.Any(known => known.Source == column.Source && column.Feature < 0))
            .Select(column => column.Name == "duration_us"
                ? new JsonColumn("event.duration", JsonCell.Integer, column.Source, column.Feature)
                : JsonColumn.Of(KeyOf(column), column)),
    ];

    private static string KeyOf(Column column) => column.Source switch
    {
        ColumnSource.Score => "event.risk_score",
        ColumnSource.CommunityId => "network.community_id",
        _ => s_counters.GetValueOrDefault(column.Name) ?? $"flowmeter.{column.Name}",
    };
}
