namespace FlowMeter.Engine.Export;

/// <summary>How a value of a JSON object is written.</summary>
internal enum JsonCell
{
    /// <summary>A feature that is an integer, or a time kept in nanoseconds as such.</summary>
    Integer,

    /// <summary>A feature kept in whole thousandths.</summary>
    Thousandths,

    /// <summary>A feature that is a double; null where it is no number.</summary>
    Double,

    /// <summary>A value of <see cref="RowText"/> that is a number.</summary>
    Number,

    /// <summary>A value of <see cref="RowText"/> that is text and has nothing to escape; null where it is empty.</summary>
    Text,

    /// <summary><c>ipv4</c> or <c>ipv6</c>.</summary>
    NetworkType,

    /// <summary>The protocol by its IANA keyword in small letters, or its number.</summary>
    Transport,
}
