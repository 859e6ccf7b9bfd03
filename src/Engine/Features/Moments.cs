using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The sums behind mean, variance and skewness of a list of integers, exact: distances from a whole number next to the mean, their squares
/// and cubes, added up as integers and rounded once at the end.
/// </summary>
internal unsafe struct Moments
{
    // Cubes of distances below this fit a word with its sign.
    private const ulong NarrowDistance = 1 << 21;

    // Squares of distances below this fit a word, and cubes of as many values as this two.
    private const ulong MiddleDistance = 1UL << 32;
    private const ulong MiddleCount = 1UL << 31;

    private ulong _count;
    private ulong _sum;

    /// <summary>The smallest value, 0 of nothing.</summary>
    public ulong Minimum { get; private set; }

    /// <summary>The greatest value, 0 of nothing.</summary>
    public ulong Maximum { get; private set; }

    /// <summary>n²·σ².</summary>
    public double VarianceNumerator { get; private set; }

    /// <summary>m3 / m2^1.5 (SPEC §6), 0 where all values are one.</summary>
    public double Skewness { get; private set; }

    /// <summary>σ², the population's.</summary>
    public readonly double Variance => _count == 0 ? 0 : VarianceNumerator / ((double)_count * _count);

    /// <summary>σ.</summary>
    public readonly double Deviation => _count == 0 ? 0 : Math.Sqrt(VarianceNumerator) / _count;

    /// <summary>The mean of the values less <paramref name="bias"/> each.</summary>
    public readonly double Mean(ulong bias) => _count == 0 ? 0 : (double)((Int128)_sum - ((Int128)bias * _count)) / _count;

    /// <summary>Takes a list. The sum of its values must fit 64 bits.</summary>
    public static Moments From(ulong* values, long count)
    {
        Moments moments = new() { _count = (ulong)count };
        if (count == 0)
        {
            return moments;
        }

        ulong minimum = ulong.MaxValue;
        ulong maximum = 0;
        ulong sum = 0;
        for (long i = 0; i < count; i++)
        {
            ulong value = values[i];
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
        }

        moments._sum = sum;
        moments.Minimum = minimum;
        moments.Maximum = maximum;
        if (minimum != maximum)
        {
            ulong pivot = sum / (ulong)count;
            ulong farthest = Math.Max(pivot - minimum, maximum - pivot);
            if (farthest < NarrowDistance)
            {
                moments.AddNarrow(values, count, pivot);
            }
            else if (farthest < MiddleDistance && (ulong)count < MiddleCount)
            {
                moments.AddMiddle(values, count, pivot);
            }
            else
            {
                moments.AddWide(values, count, pivot);
            }
        }

        return moments;
    }

    private void AddNarrow(ulong* values, long count, ulong pivot)
    {
        UInt128 squares = 0;
        Int128 cubes = 0;
        for (long i = 0; i < count; i++)
        {
            long distance = (long)(values[i] - pivot);
            long square = distance * distance;
            squares += (ulong)square;
            cubes += square * distance;
        }

        ConcludeSigned(squares, cubes, pivot);
    }

    private void AddMiddle(ulong* values, long count, ulong pivot)
    {
        UInt128 squares = 0;
        UInt128 cubes = 0;
        for (long i = 0; i < count; i++)
        {
            // Whether a cube is below zero is as unpredictable as a coin: its bits are turned, and one is added.
            ulong difference = values[i] - pivot;
            ulong isBelow = values[i] < pivot ? 1UL : 0;
            ulong turned = 0 - isBelow;
            ulong distance = (difference ^ turned) + isBelow;
            ulong square = distance * distance;
            ulong high = Math.BigMul(square, distance, out ulong low);
            squares += square;
            cubes += new UInt128(high ^ turned, low ^ turned);
            cubes += isBelow;
        }

        ConcludeSigned(squares, (Int128)cubes, pivot);
    }

    private void ConcludeSigned(UInt128 squares, Int128 cubes, ulong pivot)
    {
        WideInteger above = new(cubes > 0 ? (UInt128)cubes : 0);
        WideInteger below = new(cubes < 0 ? (UInt128)(-cubes) : 0);
        Conclude(new WideInteger(squares), above, below, pivot);
    }

    private void AddWide(ulong* values, long count, ulong pivot)
    {
        // Cubes above the pivot, cubes below it: which comes next is as unpredictable as a coin.
        WideInteger squares = default;
        WideInteger* cubes = stackalloc WideInteger[2];
        cubes[0] = default;
        cubes[1] = default;
        for (long i = 0; i < count; i++)
        {
            ulong difference = values[i] - pivot;
            ulong isBelow = values[i] < pivot ? 1UL : 0;
            ulong distance = (difference ^ (0 - isBelow)) + isBelow;
            ulong squareHigh = Math.BigMul(distance, distance, out ulong squareLow);
            ulong middle = Math.BigMul(squareLow, distance, out ulong low);
            ulong high = Math.BigMul(squareHigh, distance, out ulong product);
            middle += product;
            high += middle < product ? 1UL : 0;
            squares.Add(squareLow, squareHigh, 0);
            cubes[isBelow].Add(low, middle, high);
        }

        Conclude(squares, cubes[0], cubes[1], pivot);
    }

    /// <summary>
    /// With S1, S2, S3 the sums of distances, squares and cubes: n²·m2 = n·S2 − S1², n³·m3 = n²·S3 − 3·n·S1·S2 + 2·S1³. S1 is at least 0
    /// and less than n.
    /// </summary>
    private void Conclude(WideInteger squares, WideInteger above, WideInteger below, ulong pivot)
    {
        ulong distances = _sum - (pivot * _count);
        WideInteger scaled = squares;
        scaled.Multiply(_count);
        WideInteger square = new(distances);
        square.Multiply(distances);
        VarianceNumerator = WideInteger.Difference(scaled, square);

        above.Multiply(_count);
        above.Multiply(_count);
        square.Multiply(distances);
        square.Multiply(2);
        above.Add(square);
        below.Multiply(_count);
        below.Multiply(_count);
        scaled.Multiply(distances);
        scaled.Multiply(3);
        below.Add(scaled);
        Skewness = WideInteger.Difference(above, below) / (VarianceNumerator * Math.Sqrt(VarianceNumerator));
    }
}
