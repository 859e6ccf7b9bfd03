using System.Collections.Immutable;
using System.Text.Json;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// How the benign flows of the training score by models that were not trained with them: for some shares, the lowest threshold at which at
/// most this share of them is judged malicious. A <see cref="Budget"/> becomes a threshold by it, the same in every run.
/// </summary>
public sealed record BenignScores
{
    private static readonly double[] s_steps = [1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];

    /// <summary>Number of flows behind it, at least 1. Shares below one of them are a guess.</summary>
    public required int Flows { get; init; }

    /// <summary>Such flows a day; null where it is not known.</summary>
    public double? FlowsADay { get; init; }

    /// <summary>Shares, ascending from 0 to 1.</summary>
    public required ImmutableArray<double> Shares { get; init; }

    /// <summary>The threshold at which at most each share of the flows is malicious; it never rises.</summary>
    public required ImmutableArray<double> ByFlows { get; init; }

    /// <summary>The same for shares of the bytes of all these flows; empty where they are not known.</summary>
    public ImmutableArray<double> ByBytes { get; init; } = [];

    /// <summary>0, 14 shares in each of four decades, and 1.</summary>
    public static ImmutableArray<double> DefaultShares { get; } =
        [0, .. from decade in new[] { 1e4, 1e3, 1e2, 1e1 } from step in s_steps select step / decade, 1];

    /// <summary>Takes the scores of benign flows.</summary>
    /// <param name="scores">The scores, at least one.</param>
    /// <param name="bytes">Bytes of each flow; null where they are not known.</param>
    /// <param name="flowsADay">Such flows a day; null where it is not known.</param>
    public static BenignScores From(double[] scores, double[]? bytes, double? flowsADay)
    {
        double[] keys = Array.ConvertAll(scores, score => -score);
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort(keys, order);
        double[] sorted = Array.ConvertAll(keys, key => -key);
        return new BenignScores
        {
            Flows = scores.Length,
            FlowsADay = flowsADay,
            Shares = DefaultShares,
            ByFlows = [.. DefaultShares.Select(share => Lowest(sorted, _ => 1, share * scores.Length))],
            ByBytes = bytes == null ? [] : [.. DefaultShares.Select(share => Lowest(sorted, i => bytes[order[i]], share * bytes.Sum()))],
        };
    }

    /// <summary>The threshold that keeps a budget; null where what it counts is not known.</summary>
    /// <remarks>Between two shares it is the threshold of the lower one: the budget is kept, not used up.</remarks>
    public double? ThresholdOf(Budget budget)
    {
        ImmutableArray<double> thresholds = budget.Unit == BudgetUnit.Bytes ? ByBytes : ByFlows;
        double? share = budget.Unit == BudgetUnit.AlarmsADay ? budget.Amount / FlowsADay : budget.Amount;
        if (thresholds.IsEmpty || share is not double most)
        {
            return null;
        }

        int at = Shares.Length - 1;
        while (at > 0 && Shares[at] > most)
        {
            at--;
        }

        return thresholds[at];
    }

    /// <summary>The share of these flows that is judged malicious at a threshold, as near as the shares tell: never too low.</summary>
    public double ShareFrom(double threshold)
    {
        int at = 0;
        while (at < Shares.Length - 1 && ByFlows[at] > threshold)
        {
            at++;
        }

        return Shares[at];
    }

    /// <summary>Reads the property <c>benign</c> of a model file.</summary>
    internal static BenignScores Read(JsonFields fields)
    {
        fields.AllowOnly("flows", "flows_a_day", "shares", "thresholds", "thresholds_of_bytes");
        BenignScores read = new()
        {
            Flows = fields.Whole("flows") is int flows and > 0 ? flows : throw fields.Wrong("flows", "expected a whole number from 1 on"),
            FlowsADay = fields.Optional("flows_a_day") is null ? null : fields.Number("flows_a_day"),
            Shares = fields.Numbers("shares"),
            ByFlows = fields.Numbers("thresholds"),
            ByBytes = fields.Optional("thresholds_of_bytes") is null ? [] : fields.Numbers("thresholds_of_bytes"),
        };
        if (read.FlowsADay is double rate && !(rate > 0 && double.IsFinite(rate)))
        {
            throw fields.Wrong("flows_a_day", "expected a number above 0");
        }

        if (read.Shares.IsEmpty || read.Shares[0] != 0 || read.Shares[^1] != 1 || !IsOrdered(read.Shares, 1))
        {
            throw fields.Wrong("shares", "expected ascending numbers from 0 to 1");
        }

        CheckThresholds(fields, "thresholds", read.ByFlows, read.Shares.Length);
        if (!read.ByBytes.IsEmpty)
        {
            CheckThresholds(fields, "thresholds_of_bytes", read.ByBytes, read.Shares.Length);
        }

        return read;
    }

    /// <summary>Writes it as the property <c>benign</c> of a model file.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("benign");
        json.WriteNumber("flows", Flows);
        if (FlowsADay is double rate)
        {
            json.WriteNumber("flows_a_day", rate);
        }

        ModelJson.WriteNumbers("shares", Shares.AsSpan(), json);
        ModelJson.WriteNumbers("thresholds", ByFlows.AsSpan(), json);
        if (!ByBytes.IsEmpty)
        {
            ModelJson.WriteNumbers("thresholds_of_bytes", ByBytes.AsSpan(), json);
        }

        json.WriteEndObject();
    }

    private static void CheckThresholds(JsonFields fields, string name, ImmutableArray<double> thresholds, int shares)
    {
        if (thresholds.Length != shares || thresholds.Any(threshold => !(threshold is >= 0 and <= 1)) || !IsOrdered(thresholds, -1))
        {
            throw fields.Wrong(name, $"expected a number from 0 to 1 for each of {shares} shares, none above the one before");
        }
    }

    private static bool IsOrdered(ImmutableArray<double> values, int sign)
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (!(sign * (values[i] - values[i - 1]) >= 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The lowest threshold at which the flows from it on weigh at most <paramref name="most"/>, in the middle between two scores, so that
    /// a rounding error does not change a verdict.
    /// </summary>
    private static double Lowest(double[] sorted, Func<int, double> weight, double most)
    {
        double sum = 0;
        int taken = 0;
        while (taken < sorted.Length)
        {
            int end = taken;
            while (end < sorted.Length && sorted[end].Equals(sorted[taken]))
            {
                sum += weight(end++);
            }

            // Shares come from decimal text; a rounding error must not cost a flow.
            if (sum > most * (1 + 1e-12))
            {
                break;
            }

            taken = end;
        }

        return taken == sorted.Length ? 0
            : taken == 0 ? Math.Min(1, Math.BitIncrement(sorted[0]))
            : (sorted[taken - 1] + sorted[taken]) / 2 is var middle && middle > sorted[taken] ? middle
            : sorted[taken - 1];
    }
}
