namespace FlowMeter.Engine.Features;

/// <summary>The statistics of one list of numbers, zeros of none (SPEC §6).</summary>
/// <param name="moments">Its moments.</param>
/// <param name="order">Its order statistics.</param>
/// <param name="bias">What was added to every number to have none below 0.</param>
/// <param name="unit">What a number is divided by.</param>
internal readonly struct ListStatistics(in Moments moments, OrderStatistics order, ulong bias, double unit)
{
    public readonly double Minimum = (long)(moments.Minimum - bias) / unit;
    public readonly double Maximum = (long)(moments.Maximum - bias) / unit;
    public readonly double Mean = moments.Mean(bias) / unit;
    public readonly double Median = ((double)(long)(order.LowerMedian - bias) + (long)(order.UpperMedian - bias)) / 2 / unit;
    public readonly double Mode = (long)(order.Mode - bias) / unit;
    public readonly double Deviation = moments.Deviation / unit;
    public readonly double Variance = moments.Variance / (unit * unit);

    /// <summary>Deviation over mean.</summary>
    public readonly double Variation = moments.Mean(bias) == 0 ? 0 : moments.Deviation / moments.Mean(bias);
    public readonly double Skewness = moments.Skewness;
}
