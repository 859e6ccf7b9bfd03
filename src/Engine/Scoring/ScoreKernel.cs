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
