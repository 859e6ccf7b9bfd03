using System.Runtime.CompilerServices;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Bench.Naive;

/// <summary>The 39 features of profile flowmeter written down one after the other, for one flow.</summary>
internal static unsafe class ScalarFeatures
{
    private const double Microsecond = 1000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(FlowRecordBlock records, int i, bool isExact, double* row)
    {
        long place = FlowColumns.RowOf(i);
        FlowHeader identity = *records.Columns.Header(place);
        FlowColdFields cold = *records.Columns.ColdFields(place);
        bool forwardIsB = (identity.State & FlowState.ForwardIsB) != 0;
        bool forwardIsFirst = forwardIsB == ((identity.State & FlowState.FirstIsB) != 0);
        EndpointSums low = (identity.State & FlowState.SeenA) != 0 ? *records.Columns.Endpoint(place, 0) : default;
        EndpointSums high = (identity.State & FlowState.SeenB) != 0 ? *records.Columns.Endpoint(place, 1) : default;
        UInt128 lowSquares = new(cold.SizeSquaresA, low.SizeSquares);
        UInt128 highSquares = new(cold.SizeSquaresB, high.SizeSquares);
        (EndpointSums forward, EndpointSums backward) = forwardIsB ? (high, low) : (low, high);
        (UInt128 forwardSquares, UInt128 backwardSquares) = forwardIsB ? (highSquares, lowSquares) : (lowSquares, highSquares);
        (long forwardLast, long backwardLast) = forwardIsB ? (identity.LastB, identity.LastA) : (identity.LastA, identity.LastB);
        (long forwardFirst, long backwardFirst) = forwardIsFirst
            ? (identity.First, cold.OtherFirst)
            : (cold.OtherFirst, identity.First);
        ulong total = (ulong)(identity.Last - identity.First);
        ulong forwardTotal = forward.Packets == 0 ? 0 : (ulong)(forwardLast - forwardFirst);
        ulong backwardTotal = backward.Packets == 0 ? 0 : (ulong)(backwardLast - backwardFirst);
        ulong packets = forward.Packets + backward.Packets;
        ulong bytes = forward.Bytes + backward.Bytes;
        uint minimum = forward.Packets == 0 ? backward.SizeMinimum
            : backward.Packets == 0 ? forward.SizeMinimum
            : Math.Min(forward.SizeMinimum, backward.SizeMinimum);

        row[0] = total / Microsecond;
        row[1] = packets;
        row[2] = forward.Packets;
        row[3] = backward.Packets;
        row[4] = bytes;
        row[5] = forward.Bytes;
        row[6] = backward.Bytes;
        Sizes(row + 7, packets, bytes, lowSquares + highSquares, minimum, Math.Max(forward.SizeMaximum, backward.SizeMaximum), isExact);
        Sizes(row + 11, forward.Packets, forward.Bytes, forwardSquares, forward.SizeMinimum, forward.SizeMaximum, isExact);
        Sizes(row + 15, backward.Packets, backward.Bytes, backwardSquares, backward.SizeMinimum, backward.SizeMaximum, isExact);
        Gaps(row + 19, packets, total, *records.Columns.Gaps(place), isExact);
        row[23] = forwardTotal / Microsecond;
        Gaps(row + 24, forward.Packets, forwardTotal, forward.Gaps, isExact);
        row[28] = backwardTotal / Microsecond;
        Gaps(row + 29, backward.Packets, backwardTotal, backward.Gaps, isExact);
        for (int rate = 0; rate < 6; rate++)
        {
            row[33 + rate] = total == 0 ? 0 : row[1 + rate] / row[0];
        }
    }

    private static void Sizes(double* group, ulong packets, ulong bytes, UInt128 squares, uint minimum, uint maximum, bool isExact)
    {
        group[0] = packets == 0 ? 0 : bytes / (double)packets;
        group[1] = packets == 0 ? 0 : Deviation(packets, bytes, squares, 1, isExact);
        group[2] = minimum;
        group[3] = maximum;
    }

    private static void Gaps(double* group, ulong packets, ulong sum, GapSums gaps, bool isExact)
    {
        ulong count = packets < 2 ? 0 : packets - 1;
        group[0] = count == 0 ? 0 : sum / (Microsecond * count);
        group[1] = count == 0 ? 0 : Deviation(count, sum, gaps.Squares, Microsecond, isExact);
        group[2] = count == 0 ? 0 : gaps.Minimum / Microsecond;
        group[3] = count == 0 ? 0 : gaps.Maximum / Microsecond;
    }

    private static double Deviation(ulong count, ulong sum, UInt128 squares, double unit, bool isExact)
    {
        if (isExact)
        {
            return Math.Sqrt(ExactVariance.Numerator(count, sum, squares)) / (unit * count);
        }

        double mean = sum / (double)count;
        return Math.Sqrt(Math.Max(((double)squares / count) - (mean * mean), 0)) / unit;
    }
}
