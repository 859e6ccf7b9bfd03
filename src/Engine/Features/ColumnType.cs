namespace FlowMeter.Engine.Features;

/// <summary>What kind of values a column has, whatever the format of the table.</summary>
public enum ColumnType
{
    /// <summary>A whole number, never negative.</summary>
    Integer,

    /// <summary>A double.</summary>
    Double,

    /// <summary>An instant in nanoseconds, UTC.</summary>
    Time,

    /// <summary>An IPv4 or IPv6 address.</summary>
    Address,

    /// <summary>Text of which there are few different ones, as the reason of an end.</summary>
    Enumeration,

    /// <summary>Any text.</summary>
    Text,
}
