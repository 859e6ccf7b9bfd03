using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>A column that is a field under the private enterprise number, behind the standard part of a record.</summary>
/// <param name="Column">The column.</param>
/// <param name="Element">What its field is.</param>
internal readonly record struct IpfixColumn(Column Column, IpfixElement Element)
{
    /// <summary>The enterprise number that IANA set aside for documentation (RFC 5612).</summary>
    public const uint Documentation = 32473;

    // Numbers are for good: collectors know elements by them. Features have those of their profile, up to 30,000.
    private const ushort FirstOther = 30_000;

    // RFC 5610 §3.10 and IANA's list of units.
    private const ushort Octets = 2;
    private const ushort Seconds = 5;
    private const ushort Microseconds = 7;
    private const ushort Nanoseconds = 8;

    /// <summary>informationElementUnits; 0 for none, or none of those.</summary>
    public ushort Units => Column.Unit switch
    {
        "byte" => Octets,
        "s" => Seconds,
        "µs" => Microseconds,
        "ns" => Nanoseconds,
        _ => 0,
    };

    /// <summary>The columns that need a field of their own: all that the standard part of a record does not say.</summary>
    public static IReadOnlyList<IpfixColumn> Of(TableSchema schema) =>
    [
        .. schema.Columns.Where(column => !IsStandard(column)).Select(column => new IpfixColumn(
            column, new IpfixElement(schema.Enterprise, NumberOf(schema.Profile, column), TypeOf(column)))),
    ];

    private static ushort NumberOf(Profile profile, Column column) => (ushort)(column.Feature >= 0
        ? profile.FirstElement + column.Feature
        : FirstOther + (int)column.Source);

    private static IpfixType TypeOf(Column column) => column.Type switch
    {
        ColumnType.Integer => IpfixType.Unsigned64,
        ColumnType.Double => IpfixType.Float64,
        _ => IpfixType.Text,
    };

    /// <summary>Whether the standard part has it: who, when, why, and what each direction sent.</summary>
    private static bool IsStandard(Column column) => column.Source switch
    {
        ColumnSource.StartTime or ColumnSource.EndTime or ColumnSource.SourceAddress or ColumnSource.DestinationAddress
            or ColumnSource.SourcePort or ColumnSource.DestinationPort or ColumnSource.Protocol or ColumnSource.ProtocolName
            or ColumnSource.FiveTuple or ColumnSource.FlowId or ColumnSource.StampedFlowId or ColumnSource.EndReason => true,
        ColumnSource.Integer => column.Name is "fwd_packets" or "bwd_packets" or "fwd_bytes" or "bwd_bytes" or "Total Fwd Packet"
            or "Total Bwd packets" or "Total Length of Fwd Packet" or "Total Length of Bwd Packet",
        _ => false,
    };
}
