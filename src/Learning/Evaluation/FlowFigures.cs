namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// Computes the figures of scored flows. In a bootstrap replicate each flow counts as often as it was drawn. Any thread may call it.
/// </summary>
internal sealed class FlowFigures
{
    /// <summary>Bins of the calibration, equally wide from score 0 to 1.</summary>
    public const int CalibrationBins = 10;

    private readonly ScoredFlows _flows;
    private readonly Ranking _ranking;
    private readonly double _threshold;
    private readonly double _benignBelow;
    private readonly double? _prevalence;
    private readonly CapturePairs _pairs;
    private readonly bool _drawsCaptures;

    /// <summary>Ranks the flows.</summary>
    /// <param name="flows">The flows and their scores.</param>
    /// <param name="threshold">Malicious from this score on.</param>
    /// <param name="benignBelow">Benign below this one.</param>
    /// <param name="prevalence">An assumed share of malicious flows; null for none.</param>
    /// <param name="drawsCaptures">Whether replicates draw whole captures, so that all flows of one count equally often.</param>
    public FlowFigures(ScoredFlows flows, double threshold, double benignBelow, double? prevalence, bool drawsCaptures)
    {
        _pairs = new CapturePairs(flows);
        _drawsCaptures = drawsCaptures;
        _benignBelow = benignBelow;
        _flows = flows;
        _ranking = new Ranking(flows.Scores, flows.Data.Positive);
        _threshold = threshold;
        _prevalence = prevalence;
    }

    /// <summary>The captures that hold both classes.</summary>
    public MixedCaptures Within => _pairs.Count();

    /// <summary>
    /// All figures of <see cref="FigureNames"/>, then the share of malicious flows of each calibration bin. NaN where one is undefined.
    /// </summary>
    /// <param name="times">How often each flow counts; null for once.</param>
    public double[] Compute(int[]? times)
    {
        Span<double> confusion = stackalloc double[4];
        Span<double> undecided = stackalloc double[2];
        Span<double> totals = stackalloc double[3];
        Span<double> bypassed = stackalloc double[3];
        double[] binFlows = new double[CalibrationBins];
        double[] binPositives = new double[CalibrationBins];
        double[] binScores = new double[CalibrationBins];
        double squares = 0;
        for (int i = 0; i < _flows.Scores.Length; i++)
        {
            int count = times?[i] ?? 1;
            double score = _flows.Scores[i];
            bool isPositive = _flows.Data.Positive[i];
            bool isInspected = _flows.IsInspected(i, _benignBelow);
            confusion[isInspected ? isPositive ? 0 : 1 : isPositive ? 3 : 2] += count;
            if (isInspected && !_flows.IsMalicious(i, _threshold))
            {
                undecided[isPositive ? 0 : 1] += count;
            }

            totals[0] += count;
            totals[1] += count * _flows.Data.Packets[i];
            totals[2] += count * _flows.Data.Bytes[i];
            if (!isInspected)
            {
                bypassed[0] += count;
                bypassed[1] += count * _flows.Data.BypassedPackets[i];
                bypassed[2] += count * _flows.Data.BypassedBytes[i];
            }

            double error = score - (isPositive ? 1 : 0);
            squares += count * error * error;
            int bin = BinOf(score);
            binFlows[bin] += count;
            binPositives[bin] += isPositive ? count : 0;
            binScores[bin] += count * score;
        }

        (double tp, double fp, double tn, double fn) = (confusion[0], confusion[1], confusion[2], confusion[3]);
        double recall = tp / (tp + fn);
        double alarmRate = fp / (fp + tn);
        (double roc, double averagePrecision, double atPermille, double atPercent, double cleared) = _ranking.Areas(times);
        (double pairs, double pooled) = _pairs.Areas(times, _drawsCaptures);
        double calibrationError = 0;
        for (int bin = 0; bin < CalibrationBins; bin++)
        {
            calibrationError += Math.Abs(binPositives[bin] - binScores[bin]) / totals[0];
        }

        bool hasVolumes = _flows.Data.HasVolumes;
        return
        [
            tp, fp, tn, fn, (tp + tn) / totals[0], tp / (tp + fp), recall, 2 * tp / ((2 * tp) + fp + fn),
            roc, averagePrecision, atPermille, atPercent, cleared, pairs, pooled, squares / totals[0], calibrationError,
            bypassed[0] / totals[0], hasVolumes ? bypassed[1] / totals[1] : double.NaN, hasVolumes ? bypassed[2] / totals[2] : double.NaN,
            tp / (tp + fp), _prevalence is double share ? share * recall / ((share * recall) + ((1 - share) * alarmRate)) : double.NaN,
            undecided[0], undecided[1], (fp - undecided[1]) / (fp + tn), alarmRate,
            .. binPositives.Select((positives, bin) => positives / binFlows[bin]),
        ];
    }

    /// <summary>The calibration bins that have flows.</summary>
    /// <param name="low">endpoint A of the interval of each of the <see cref="CalibrationBins"/>.</param>
    /// <param name="high">The upper end.</param>
    public IReadOnlyList<CalibrationBin> Calibration(double[] low, double[] high)
    {
        List<CalibrationBin> bins = [];
        for (int bin = 0; bin < CalibrationBins; bin++)
        {
            int[] flows = [.. Enumerable.Range(0, _flows.Scores.Length).Where(flow => BinOf(_flows.Scores[flow]) == bin)];
            if (flows.Length > 0)
            {
                double share = flows.Count(flow => _flows.Data.Positive[flow]) / (double)flows.Length;
                bins.Add(new CalibrationBin(
                    flows.Length, flows.Average(flow => _flows.Scores[flow]), share, Known(low[bin], share), Known(high[bin], share)));
            }
        }

        return bins;
    }

    /// <summary>The bound of an interval; the value itself where no replicate has a flow of the bin.</summary>
    private static double Known(double bound, double value) => double.IsFinite(bound) ? bound : value;

    /// <summary>The points of the curves, highest threshold first.</summary>
    /// <param name="maxPoints">About how many points to keep.</param>
    public IReadOnlyList<CurvePoint> Curve(int maxPoints)
    {
        double positives = _flows.Data.Positives;
        double negatives = _flows.Data.Count - positives;
        List<CurvePoint> points = [];
        double hits = 0;
        double alarms = 0;
        int at = 0;
        foreach ((double more, double moreAlarms) in _ranking.Steps(null))
        {
            hits += more;
            alarms += moreAlarms;
            at += (int)(more + moreAlarms);
            points.Add(new CurvePoint(_flows.Scores[_ranking.Order[at - 1]], alarms / negatives, hits / positives, hits / (hits + alarms)));
        }

        if (points.Count <= maxPoints)
        {
            return points;
        }

        // The points that are kept are evenly spread over the length of both curves, not over flows: the steep left end matters most.
        List<CurvePoint> kept = [points[0]];
        double way = 0;
        double step = 3.0 / maxPoints;
        for (int i = 1; i < points.Count; i++)
        {
            way += Math.Abs(points[i].FalsePositiveRate - points[i - 1].FalsePositiveRate)
                + Math.Abs(points[i].Recall - points[i - 1].Recall)
                + (Math.Abs(points[i].Precision - points[i - 1].Precision) / 8);
            if (way >= step || i == points.Count - 1)
            {
                kept.Add(points[i]);
                way = 0;
            }
        }

        return kept;
    }

    private static int BinOf(double score) =>
        double.IsNaN(score) ? CalibrationBins - 1 : Math.Clamp((int)(score * CalibrationBins), 0, CalibrationBins - 1);
}
