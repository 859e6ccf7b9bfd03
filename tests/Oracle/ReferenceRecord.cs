using System.Globalization;

namespace FlowMeter.Tests.Oracle;

/// <summary>One row of the profile `flowmeter`, SPEC §4.</summary>
internal sealed record ReferenceRecord(
    long StartNs,
    long EndNs,
    string SourceAddress,
    ushort SourcePort,
    string DestinationAddress,
    ushort DestinationPort,
    byte Protocol,
    string EndReason,
    double[] Features)
{
    public static readonly string[] IdentityColumns =
        ["start_time", "end_time", "src_ip", "src_port", "dst_ip", "dst_port", "protocol", "end_reason"];

    /// <summary>All 47, in SPEC's order.</summary>
    public static readonly string[] Columns = [.. IdentityColumns, .. ReferenceFeatures.Columns];

    public static ReferenceRecord Of(ReferenceFlow flow)
    {
        return new ReferenceRecord(
            flow.FirstNs,
            flow.LastNs,
            flow.Source.Address.ToString(),
            flow.Source.Port,
            flow.Destination.Address.ToString(),
            flow.Destination.Port,
            flow.Protocol,
            flow.EndReason,
            ReferenceFeatures.Of(flow));
    }

    public static ReferenceTable Table(IEnumerable<ReferenceRecord> records)
    {
        return new ReferenceTable(IdentityColumns, ReferenceFeatures.Columns, [.. records.Select(record => record.Row())]);
    }

    /// <summary>RFC 3339 in UTC with nine decimals.</summary>
    public static string TimeText(long timestampNs)
    {
        // Euclid's remainder, since a time before 1970 still has a positive fraction.
        long fraction = ((timestampNs % 1_000_000_000) + 1_000_000_000) % 1_000_000_000;
        DateTime second = DateTime.UnixEpoch.AddSeconds((timestampNs - fraction) / 1_000_000_000);
        return string.Create(CultureInfo.InvariantCulture, $"{second:yyyy-MM-ddTHH:mm:ss}.{fraction:D9}Z");
    }

    public ReferenceRow Row()
    {
        string[] identity =
        [
            TimeText(StartNs),
            TimeText(EndNs),
            SourceAddress,
            SourcePort.ToString(CultureInfo.InvariantCulture),
            DestinationAddress,
            DestinationPort.ToString(CultureInfo.InvariantCulture),
            Protocol.ToString(CultureInfo.InvariantCulture),
            EndReason,
        ];
        return new ReferenceRow(identity, Features);
    }
}
