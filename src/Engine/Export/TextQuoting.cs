namespace FlowMeter.Engine.Export;

/// <summary>How a format has text that may hold its own marks.</summary>
internal enum TextQuoting
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>In quotes where it has a comma or a quote, quotes doubled (RFC 4180).</summary>
    Csv,

    /// <summary>Quotes and backslashes behind a backslash (RFC 8259 §7).</summary>
    Json,
}
