using System.Text.RegularExpressions;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Columns that identify a host, a network or a moment: ports, addresses, TTL, identifiers and times of day. A model that uses them fits
/// one laboratory and fails in the next network, so they are no features unless the user forces them.
/// </summary>
public static partial class ForbiddenFeature
{
    /// <summary>Whether a column of this name is no feature.</summary>
    public static bool Is(string name) => Pattern().IsMatch(Spaced().Replace(name, "_").ToLowerInvariant());

    // A word break before a capital inside a name (srcIP, dstPort), and at every other mark.
    [GeneratedRegex("(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+")]
    private static partial Regex Spaced();

    [GeneratedRegex(
        "^(.*_)?(src|dst|source|destination|client|server|[sdcl4])?(port|ip|ipv4|ipv6|addr|address|mac|ttl)s?(_(src|dst|source|destination)"
            + ")?$"
        + "|^(ds|s|d)port$|^(.*_)?id$|^(.*_)?timestamp$|^(start|end|first|last|s|l|stime|ltime|flow_start|flow_end)_?(time|ts|seen|"
        + "milliseconds)$|^(unnamed.*|index|_.*)$|^$")]
    private static partial Regex Pattern();
}
