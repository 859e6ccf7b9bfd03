namespace FlowMeter.Learning.Queries;

/// <summary>What the values of a column are.</summary>
public enum QueryKind
{
    /// <summary>Not known before they are seen, as in a table of another program: a value is what it can be read as.</summary>
    Any,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Instants.</summary>
    Time,

    /// <summary>IPv4 and IPv6 addresses.</summary>
    Address,

    /// <summary>Text.</summary>
    Text,
}
