namespace FlowMeter.Learning.Training;

/// <summary>
/// Groups of features by their names, since groups differ in how well they transfer to other networks. <c>gaps</c> are times between
/// packets and durations, <c>rates</c> anything per time, <c>payload</c> statistics of transport payloads, <c>flags</c> TCP flags,
/// <c>hosts</c> what the hosts of a flow did before it, <c>sizes</c> statistics of packet sizes, <c>counts</c> everything else: numbers and
/// sums.
/// </summary>
public static class FeatureGroup
{
    /// <summary>All groups.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sizes", "gaps", "counts", "rates", "payload", "flags", "hosts"];

    /// <summary>The candidate of all features.</summary>
    public const string All = "all";

    /// <summary>The group of a feature, by its name.</summary>
    public static string FromName(string feature)
    {
        string name = feature.ToLowerInvariant().Replace(' ', '_');
        bool Has(params ReadOnlySpan<string> words)
        {
            foreach (string word in words)
            {
                if (name.Contains(word, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }

        return name.StartsWith("pair_", StringComparison.Ordinal) || Has("_2s", "_5s", "_60s", "_600s") ? "hosts"
            : Has("_per_us", "pertime", "/s", "rate") ? "rates"
            : Has("iat", "gap", "duration", "_time", "idle", "active", "jit", "intpkt", "dur") ? "gaps"
            : Has("payload", "data_", "segment") ? "payload"
            : Has("flag", "_fin_", "_syn_", "_rst_", "_psh_", "_ack_", "_urg_") ? "flags"
            : Has("size", "len_", "length_m", "length_s", "mean") ? "sizes"
            : "counts";
    }

    /// <summary>
    /// The candidates of a search. For <c>auto</c>: all features, each group alone, and all groups but one, as far as these differ;
    /// otherwise what was asked for.
    /// </summary>
    /// <param name="asked"><c>auto</c>, <c>all</c>, or names joined by <c>+</c>.</param>
    /// <param name="features">Names of all features.</param>
    public static IReadOnlyList<string> Candidates(string asked, IEnumerable<string> features)
    {
        if (asked != "auto")
        {
            return [asked];
        }

        string[] present = [.. Names.Where(name => features.Any(feature => FromName(feature) == name))];
        return present.Length < 2
            ? [All]
            : [All, .. present, .. present.Length == 2
                ? []
                : present.Select(left => string.Join('+', present.Where(name => name != left)))];
    }

    /// <summary>Whether a feature is in one of the groups of a candidate.</summary>
    public static bool Contains(string candidate, string feature) => candidate == All || candidate.Split('+').Contains(FromName(feature));
}
