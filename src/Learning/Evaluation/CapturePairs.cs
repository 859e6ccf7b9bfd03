using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// The ROC areas within captures that hold both classes. A pair is a malicious and a benign flow of the same capture, so a score that tells
/// captures apart, and not flows, gets half of them. Any thread may call it.
/// </summary>
internal sealed class CapturePairs
{
    private readonly int[][] _captures;
    private readonly Ranking[] _rankings;
    private readonly double[] _areas;
    private readonly double[] _pairs;
    private readonly int[] _pooledRows;
    private readonly Ranking _pooled;

    /// <summary>Finds the captures of both classes.</summary>
    public CapturePairs(ScoredFlows flows)
    {
        DataSet data = flows.Data;
        _captures =
        [
            .. data.ByCapture(data.AllRows()).Where(
                rows => rows.Any(row => data.Positive[row]) && rows.Any(row => !data.Positive[row])),
        ];
        _rankings = [.. _captures.Select(RankingOf)];
        _areas = [.. _rankings.Select(ranking => ranking.Areas(null).Roc)];
        _pairs = [.. _rankings.Select(ranking => Pairs(ranking, null))];
        _pooledRows = [.. _captures.SelectMany(rows => rows)];
        _pooled = RankingOf(_pooledRows);

        Ranking RankingOf(int[] rows) => new(
            Array.ConvertAll(rows, row => flows.Scores[row]), Array.ConvertAll(rows, row => data.Positive[row]));
    }

    /// <summary>The captures and their flows.</summary>
    public MixedCaptures Count() =>
        new(_captures.Length, _pooled.Positive.Count(positive => !positive), _pooled.Positive.Count(positive => positive));

    /// <summary>
    /// The ROC area over all pairs of one capture, and that over all flows of these captures. NaN where no capture holds both classes.
    /// </summary>
    /// <param name="times">How often each flow counts; null for once.</param>
    /// <param name="drawsCaptures">Whether all flows of a capture count equally often: then its pairs do, too.</param>
    public (double Pairs, double Pooled) Areas(int[]? times, bool drawsCaptures)
    {
        double won = 0;
        double pairs = 0;
        for (int capture = 0; capture < _captures.Length; capture++)
        {
            int[] rows = _captures[capture];
            if (times == null || drawsCaptures)
            {
                double weight = (times?[rows[0]] ?? 1) * _pairs[capture];
                won += weight * _areas[capture];
                pairs += weight;
                continue;
            }

            int[] drawn = Array.ConvertAll(rows, row => times[row]);
            double count = Pairs(_rankings[capture], drawn);
            won += count > 0 ? count * _rankings[capture].Areas(drawn).Roc : 0;
            pairs += count;
        }

        double pooled = _pooledRows.Length == 0
            ? double.NaN
            : _pooled.Areas(times == null ? null : Array.ConvertAll(_pooledRows, row => times[row])).Roc;
        return (won / pairs, pooled);
    }

    private static double Pairs(Ranking ranking, int[]? times)
    {
        double positives = 0;
        double negatives = 0;
        for (int flow = 0; flow < ranking.Positive.Length; flow++)
        {
            int count = times?[flow] ?? 1;
            _ = ranking.Positive[flow] ? positives += count : negatives += count;
        }

        return positives * negatives;
    }
}
