namespace FlowMeter.Engine.Features;

/// <summary>
/// The sums of one direction of a flow of profile <c>deepfence</c>, or of both together, and what SPEC §5 makes of them. Gaps in
/// nanoseconds.
/// </summary>
internal record struct DeepfenceDirection
{
    private const long Microsecond = 1000;
    private const double Carry = 340282366920938463463374607431768211456.0;

    public ulong Packets;
    public ulong Bytes;
    public ulong SizeSquares;
    public uint SizeMinimum;
    public uint SizeMaximum;
    public long Gaps;
    public Int128 GapSum;
    public UInt128 GapSquares;
    public uint GapSquaresCarried;
    public long GapMinimum;
    public long GapMaximum;
    public long FirstGap;

    public readonly double SizeMean => Packets == 0 ? 0 : (double)Bytes / Packets;

    public readonly double SizeDeviation => Packets == 0 ? 0 : Math.Sqrt(ExactVariance.Numerator(Packets, Bytes, SizeSquares)) / Packets;

    /// <summary>The sum truncated to whole µs, divided, truncated to whole µs.</summary>
    public readonly long GapMean => Gaps == 0 ? 0 : (long)(GapSum / Microsecond / Gaps * Microsecond);

    /// <summary>Over all gaps but the first, divided by their number with the first, truncated to whole µs.</summary>
    public readonly double GapDeviation
    {
        get
        {
            if (Gaps < 2)
            {
                return 0;
            }

            return Math.Truncate(Math.Sqrt(SquaredDeviations / (Microsecond * Microsecond) / Gaps)) * Microsecond;
        }
    }

    /// <summary>The sum of (gap − mean)² over all gaps but the first, ns².</summary>
    private readonly double SquaredDeviations
    {
        get
        {
            Int128 mean = GapMean;
            Int128 ofFirst = FirstGap - mean;

            // Only a clock that jumps by decades makes sums too large to be exact; no mean comes near such gaps, so nothing cancels out
            // there.
            return GapSquaresCarried == 0 && GapSquares < UInt128.One << 124
                ? (double)((Int128)GapSquares - (2 * mean * GapSum) + (Gaps * mean * mean) - (ofFirst * ofFirst))
                : (GapSquaresCarried * Carry) + (double)GapSquares - (2 * (double)mean * (double)GapSum)
                    + (Gaps * (double)mean * (double)mean)
                    - ((double)ofFirst * (double)ofFirst);
        }
    }

    /// <summary>The sums of both directions; a gap is one of packets of the same direction.</summary>
    public static DeepfenceDirection Together(in DeepfenceDirection forward, in DeepfenceDirection backward)
    {
        bool onlyForward = backward.Gaps == 0;
        bool onlyBackward = forward.Gaps == 0;
        UInt128 gapSquares = forward.GapSquares + backward.GapSquares;
        return new DeepfenceDirection
        {
            Packets = forward.Packets + backward.Packets,
            Bytes = forward.Bytes + backward.Bytes,
            SizeSquares = forward.SizeSquares + backward.SizeSquares,
            SizeMinimum = backward.Packets == 0 ? forward.SizeMinimum : Math.Min(forward.SizeMinimum, backward.SizeMinimum),
            SizeMaximum = Math.Max(forward.SizeMaximum, backward.SizeMaximum),
            Gaps = forward.Gaps + backward.Gaps,
            GapSum = forward.GapSum + backward.GapSum,
            GapSquares = gapSquares,
            GapSquaresCarried = forward.GapSquaresCarried + backward.GapSquaresCarried + (gapSquares < forward.GapSquares ? 1u : 0u),
            GapMinimum = onlyForward ? forward.GapMinimum
            : onlyBackward ? backward.GapMinimum
            : Math.Min(forward.GapMinimum, backward.GapMinimum),
            GapMaximum = onlyForward ? forward.GapMaximum
            : onlyBackward ? backward.GapMaximum
            : Math.Max(forward.GapMaximum, backward.GapMaximum),
            FirstGap = onlyBackward ? backward.FirstGap : forward.FirstGap,
        };
    }
}
