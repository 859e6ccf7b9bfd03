using System.Runtime.Intrinsics.X86;
using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Bench;

/// <summary>Taking a packet into the statistics of its flow, which has been found already; a packet an operation.</summary>
[Config(typeof(InProcessRun))]
public unsafe class UpdateBench : IDisposable
{
    private const int Windows = 1024;
    private const int Packets = Windows * PacketWindow.Capacity;
    private const long MeanGap = 1000;

    private readonly PacketWindow[] _windows = [.. Enumerable.Range(0, Windows).Select(_ => new PacketWindow())];
    private readonly NativeColumn<int> _rows = new(Packets);
    private FlowColumns _columns = null!;
    private NaiveFlow[] _flows = null!;

    /// <summary>A thousand flows stay in the cache; a hundred thousand do not.</summary>
    [Params(1_000, 100_000)]
    public int Flows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _columns = new FlowColumns(Flows);
        _flows = new NaiveFlow[Flows];
        for (int row = 0; row < Flows; row++)
        {
            // Both ends have spoken: nearly all packets of a long capture find their flow so.
            *_columns.Header(FlowColumns.RowOf(row)) = new FlowHeader { State = FlowState.SeenA | FlowState.SeenB };
            SizesAndGaps.Begin(_columns, FlowColumns.RowOf(row), fromB: 0, size: 64);
            SizesAndGaps.Begin(_columns, FlowColumns.RowOf(row), fromB: 1, size: 64);
            _flows[row] = new NaiveFlow(first: 0, forwardIsB: false);
            _flows[row].Add(0, 64, fromB: false);
            _flows[row].Add(0, 64, fromB: true);
        }

        for (int i = 0; i < Packets; i++)
        {
            PacketWindow window = _windows[i / PacketWindow.Capacity];
            int at = i % PacketWindow.Capacity;
            _rows.First[i] = random.Next(Flows);
            window.Times[at] = i * MeanGap;
            window.Sizes[at] = (uint)random.Next(60, 1515);
            window.FromB[at] = (byte)random.Next(2);
        }

        Check();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
        foreach (PacketWindow window in _windows)
        {
            window.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does: exact sums in columns, asked for a window ahead.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long SumsInColumns()
    {
        long inOrder = 0;
        FlowColumns columns = _columns;
        for (int number = 0; number < Windows; number++)
        {
            PacketWindow window = _windows[number];
            PacketWindow ahead = _windows[(number + 1) % Windows];
            int* rows = _rows.First + (number * PacketWindow.Capacity);
            int* rowsAhead = _rows.First + ((number + 1) % Windows * PacketWindow.Capacity);
            for (int i = 0; i < PacketWindow.Capacity; i++)
            {
                if (Sse.IsSupported)
                {
                    long row = FlowColumns.RowOf(rowsAhead[i]);
                    Sse.Prefetch0(columns.Header(row));
                    Sse.Prefetch0(columns.Gaps(row));
                    Sse.Prefetch0(columns.Endpoint(row, ahead.FromB[i]));
                }

                window.Times[i] += Packets * MeanGap;
                inOrder += SizesAndGaps.Update(columns, FlowColumns.RowOf(rows[i]), window, i) ? 1 : 0;
            }
        }

        return inOrder;
    }

    /// <summary>An object a flow, with running means and deviations in doubles.</summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public void WelfordInObjects()
    {
        int* row = _rows.First;
        foreach (PacketWindow window in _windows)
        {
            for (int i = 0; i < PacketWindow.Capacity; i++)
            {
                window.Times[i] += Packets * MeanGap;
                _flows[*row++].Add(window.Times[i], window.Sizes[i], window.FromB[i] != 0);
            }
        }
    }

    /// <summary>Compares all flows after a round of packets, the same for both.</summary>
    private void Check()
    {
        SumsInColumns();
        foreach (PacketWindow window in _windows)
        {
            for (int i = 0; i < PacketWindow.Capacity; i++)
            {
                window.Times[i] -= Packets * MeanGap;
            }
        }

        WelfordInObjects();
        for (int row = 0; row < Flows; row++)
        {
            EndpointSums low = *_columns.Endpoint(FlowColumns.RowOf(row), 0);
            EndpointSums high = *_columns.Endpoint(FlowColumns.RowOf(row), 1);
            Twins.MustAgree((ulong)_flows[row].Packets == low.Packets + high.Packets);
            Twins.MustAgree(Math.Abs(_flows[row].Bytes - (low.Bytes + high.Bytes)) < 0.01);
            Twins.MustAgree(_flows[row].LongestGap == _columns.Gaps(FlowColumns.RowOf(row))->Maximum);
        }
    }
}
