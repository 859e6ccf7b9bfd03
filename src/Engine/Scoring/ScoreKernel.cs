using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The loops of the scorer. Each adds one feature's share to the sums of all flows, so the order of additions for a flow is the model's at
/// every width. <c>x</c> is the feature's column and <c>z</c> the sums; both hold <c>count</c> doubles. What is left after the last whole
/// vector is done by the same loop at one lane.
/// </summary>
internal static unsafe class ScoreKernel
{
    /// <summary>z = <paramref name="value"/>.</summary>
    public static void Fill<TLanes>(double value, double* z, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes all = TLanes.Broadcast(value);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            all.Store(z + i);
        }

        if (i < count)
        {
            Fill<Lanes1>(value, z + i, count - i);
        }
    }

    /// <summary>z += x · <paramref name="slope"/>.</summary>
    public static void AddLinear<TLanes>(double* x, double slope, double* z, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes slopes = TLanes.Broadcast(slope);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            (TLanes.Load(z + i) + (TLanes.Load(x + i) * slopes)).Store(z + i);
        }

        if (i < count)
        {
            AddLinear<Lanes1>(x + i, slope, z + i, count - i);
        }
    }

    /// <summary>z += signed log1p(x) · <paramref name="slope"/>.</summary>
    public static void AddLog1P<TLanes>(double* x, double slope, double* z, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes slopes = TLanes.Broadcast(slope);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            (TLanes.Load(z + i) + (LaneMath.SignedLog1P(TLanes.Load(x + i)) * slopes)).Store(z + i);
        }

        if (i < count)
        {
            AddLog1P<Lanes1>(x + i, slope, z + i, count - i);
        }
    }

    /// <summary>
    /// z += weight of x's bin. Walks the edges upwards and keeps the weight behind the last edge that is at most x, so no bin number and no
    /// look-up is needed. Against 31 edges on four lanes: 4.5 ns a value, a branch-free binary search 5.7, one with gathers 15, counting
    /// edges and looking the weight up 3.5 (but 1.6 against 1.2 for 7 edges, and a second kind of lane operation).
    /// </summary>
    /// <param name="x">The feature's column.</param>
    /// <param name="edges">Ascending edges.</param>
    /// <param name="edgeCount">Number of edges.</param>
    /// <param name="weights">Weights of the bins, one more than edges.</param>
    /// <param name="z">The sums.</param>
    /// <param name="count">Number of flows.</param>
    public static void AddBins<TLanes>(double* x, double* edges, int edgeCount, double* weights, double* z, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;

        // Four vectors at a time: four independent chains, and an edge is read once for all of them. Twice as fast as one.
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            double* first = x + i;
            TLanes a = TLanes.Load(first);
            TLanes b = TLanes.Load(first + TLanes.Count);
            TLanes c = TLanes.Load(first + (2 * TLanes.Count));
            TLanes d = TLanes.Load(first + (3 * TLanes.Count));
            TLanes lowest = TLanes.Broadcast(weights[0]);
            TLanes weightA = lowest;
            TLanes weightB = lowest;
            TLanes weightC = lowest;
            TLanes weightD = lowest;
            for (int e = 0; e < edgeCount; e++)
            {
                TLanes edge = TLanes.Broadcast(edges[e]);
                TLanes weight = TLanes.Broadcast(weights[e + 1]);
                weightA = TLanes.IfAtMost(edge, a, weight, weightA);
                weightB = TLanes.IfAtMost(edge, b, weight, weightB);
                weightC = TLanes.IfAtMost(edge, c, weight, weightC);
                weightD = TLanes.IfAtMost(edge, d, weight, weightD);
            }

            double* sums = z + i;
            (TLanes.Load(sums) + weightA).Store(sums);
            (TLanes.Load(sums + TLanes.Count) + weightB).Store(sums + TLanes.Count);
            (TLanes.Load(sums + (2 * TLanes.Count)) + weightC).Store(sums + (2 * TLanes.Count));
            (TLanes.Load(sums + (3 * TLanes.Count)) + weightD).Store(sums + (3 * TLanes.Count));
        }

        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes value = TLanes.Load(x + i);
            TLanes weight = TLanes.Broadcast(weights[0]);
            for (int e = 0; e < edgeCount; e++)
            {
                weight = TLanes.IfAtMost(TLanes.Broadcast(edges[e]), value, TLanes.Broadcast(weights[e + 1]), weight);
            }

            (TLanes.Load(z + i) + weight).Store(z + i);
        }

        if (i < count)
        {
            AddBins<Lanes1>(x + i, edges, edgeCount, weights, z + i, count - i);
        }
    }

    /// <summary>
    /// z += weight of the cell that x and y fall in. The number of the cell is counted in lanes, edge by edge, and its weight looked up.
    /// </summary>
    /// <param name="x">The first feature's column.</param>
    /// <param name="y">The second feature's column.</param>
    /// <param name="edges">Ascending edges of the first.</param>
    /// <param name="edgeCount">Number of them.</param>
    /// <param name="secondEdges">Ascending edges of the second.</param>
    /// <param name="secondCount">Number of them.</param>
    /// <param name="weights">Weights of the cells, a row for each bin of the first.</param>
    /// <param name="z">The sums.</param>
    /// <param name="count">Number of flows.</param>
    public static void AddPairs<TLanes>(
        double* x, double* y, double* edges, int edgeCount, double* secondEdges, int secondCount, double* weights, double* z, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        double* cells = stackalloc double[TLanes.Count];
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes row = TLanes.Broadcast(secondCount + 1);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes first = TLanes.Load(x + i);
            TLanes second = TLanes.Load(y + i);
            TLanes cell = zero;
            for (int e = 0; e < edgeCount; e++)
            {
                cell += TLanes.IfAtMost(TLanes.Broadcast(edges[e]), first, row, zero);
            }

            for (int e = 0; e < secondCount; e++)
            {
                cell += TLanes.IfAtMost(TLanes.Broadcast(secondEdges[e]), second, one, zero);
            }

            cell.Store(cells);
            for (int lane = 0; lane < TLanes.Count; lane++)
            {
                z[i + lane] += weights[(int)cells[lane]];
            }
        }

        if (i < count)
        {
            AddPairs<Lanes1>(x + i, y + i, edges, edgeCount, secondEdges, secondCount, weights, z + i, count - i);
        }
    }

    /// <summary>
    /// z += the sum of the weights of a flow's n-grams, in the order of <see cref="SizeNGrams.Fill"/>. One flow at a time at every width:
    /// what takes time are look-ups in a table of 128 KiB.
    /// </summary>
    /// <param name="values">The first column of all features.</param>
    /// <param name="stride">Doubles from a column to the next.</param>
    /// <param name="columns">The columns of the sizes.</param>
    /// <param name="weights">A weight for each bucket, and 0 for <see cref="SizeNGrams.None"/>.</param>
    /// <param name="z">The sums.</param>
    /// <param name="count">Number of flows.</param>
    public static void AddHash(
        double* values, nint stride, ReadOnlySpan<int> columns, ReadOnlySpan<double> weights, double* z, int count)
    {
        Span<double> sizes = stackalloc double[columns.Length];
        Span<ushort> buckets = stackalloc ushort[SizeNGrams.CountOf(columns.Length)];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < sizes.Length; k++)
            {
                sizes[k] = values[(columns[k] * stride) + i];
            }

            SizeNGrams.Fill(sizes, buckets);
            double sum = 0;
            foreach (ushort bucket in buckets)
            {
                sum += weights[bucket];
            }

            z[i] += sum;
        }
    }

    /// <summary>z = 1 / (1 + e^-z), the probability.</summary>
    public static void Sigmoid<TLanes>(double* z, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            (one / (one + LaneMath.Exp(TLanes.Broadcast(0) - TLanes.Load(z + i)))).Store(z + i);
        }

        if (i < count)
        {
            Sigmoid<Lanes1>(z + i, count - i);
        }
    }
}
