namespace FlowMeter.Engine.Export;

/// <summary>Abstract data types of information elements (RFC 7012 §3.1). The values are the ones of informationElementDataType.</summary>
internal enum IpfixType : byte
{
    /// <summary>A whole number of one byte.</summary>
    Unsigned8 = 1,

    /// <summary>Of two.</summary>
    Unsigned16 = 2,

    /// <summary>Of four.</summary>
    Unsigned32 = 3,

    /// <summary>Of eight.</summary>
    Unsigned64 = 4,

    /// <summary>A double.</summary>
    Float64 = 10,

    /// <summary>UTF-8 of any length.</summary>
    Text = 13,

    /// <summary>Milliseconds since 1970.</summary>
    Milliseconds = 15,

    /// <summary>An NTP timestamp: seconds since 1900 and their fraction.</summary>
    Nanoseconds = 17,

    /// <summary>Four bytes.</summary>
    IPv4Address = 18,

    /// <summary>Sixteen.</summary>
    IPv6Address = 19,
}
