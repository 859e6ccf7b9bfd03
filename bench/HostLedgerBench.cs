using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Bench;

/// <summary>
/// What profile full asks and tells the ledger of hosts, a new flow an operation: few hosts that talk again and again, and hosts that are
/// all new, in a ledger that is full and forgets. A flow in 50 µs.
/// </summary>
[Config(typeof(InProcessRun))]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class HostLedgerBench : IDisposable
{
    private const int Flows = 1 << 12;
    private const long Apart = 50_000;
    private const int Later = 64;

    private readonly HostLedger _ledger = new(isShared: false);
    private readonly NativeColumn<Neighbours> _told = new(Flows);
    private readonly NaiveHosts _naive = new();
    private long _time = 1_700_000_000_000_000_000;
    private uint _next;

    /// <summary>Hosts at each end; 0 for hosts that are all new.</summary>
    [Params(16, 1024, 32_768, 0)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Check();
        for (int i = 0; i < (SmokeRun.IsOn ? 0 : 200); i++)
        {
            WholeFlow();
        }

        // Objects and dictionaries grow as far as they will in fewer rounds.
        for (int i = 0; i < (SmokeRun.IsOn ? 0 : 40); i++)
        {
            NaiveWholeFlow();
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _ledger.Dispose();
        _told.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The beginning of a flow, which is told what came before.</summary>
    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("begin")]
    public void Begin()
    {
        for (int i = 0; i < Flows; i++)
        {
            FlowKey key = KeyOf(_next++);
            _ledger.Begin(in key, forwardIsB: false, _time += Apart, _told.First + i);
        }
    }

    /// <summary>The same with dictionaries of objects.</summary>
    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("begin")]
    public void NaiveBegin()
    {
        for (int i = 0; i < Flows; i++)
        {
            _ = _naive.Begin(KeyOf(_next++), _time += Apart);
        }
    }

    /// <summary>The beginning, and 64 flows later the answer and the sixth packet.</summary>
    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("whole flow")]
    public void WholeFlow()
    {
        for (int i = 0; i < Flows; i++)
        {
            FlowKey key = KeyOf(_next++);
            _ledger.Begin(in key, forwardIsB: false, _time += Apart, _told.First + i);
            if (i >= Later)
            {
                Note(_ledger, _next - 1 - Later, _time - (Later * Apart), _told.First + i - Later);
            }
        }
    }

    /// <summary>The same with dictionaries of objects.</summary>
    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("whole flow")]
    public void NaiveWholeFlow()
    {
        for (int i = 0; i < Flows; i++)
        {
            _ = _naive.Begin(KeyOf(_next++), _time += Apart);
            if (i >= Later)
            {
                NaiveNote(_naive, _next - 1 - Later, _time - (Later * Apart));
            }
        }
    }

    private static bool IsNear(double exact, double single) => Math.Abs(exact - single) <= 1e-3 * Math.Max(exact, 1);

    private static void Compare(NaiveView naive, in HostView view)
    {
        for (int window = 0; window < naive.Flows.Length; window++)
        {
            Twins.MustAgree(IsNear(naive.Flows[window], view.Flows(window)));
            Twins.MustAgree(IsNear(naive.Unanswered(window), view.Unanswered(window)));
            Twins.MustAgree(IsNear(naive.Short(window), view.Short(window)));
            Twins.MustAgree(IsNear(naive.Share(naive.SameService, window), view.SameService(window)));
            Twins.MustAgree(IsNear(naive.Share(naive.SamePeer, window), view.SamePeer(window)));
            Twins.MustAgree(view.Peers[window] == naive.Peers[window]);
            Twins.MustAgree(view.Ports[window] == naive.Services[window]);
        }

        Twins.MustAgree(naive.HasDns == view.HasDns);
    }

    /// <summary>Both from the first flow on, so slowly that flows are forgotten on the way.</summary>
    private void Check()
    {
        const int Checked = 2 * Flows;
        const long ApartInCheck = 1000 * Apart;
        using HostLedger ledger = new(isShared: false);
        using NativeColumn<Neighbours> told = new(Checked);
        NaiveHosts naive = new();
        long start = _time;
        for (uint i = 0; i < Checked; i++)
        {
            FlowKey key = KeyOf(i);
            ledger.Begin(in key, forwardIsB: false, start + (i * ApartInCheck), told.First + i);
            NaiveNeighbours neighbours = naive.Begin(in key, start + (i * ApartInCheck));
            Twins.MustAgree(neighbours.PairFlows == told.First[i].PairFlows);
            Twins.MustAgree(neighbours.PairGap == told.First[i].PairGap);
            Compare(neighbours.Source, in told.First[i].Source);
            Compare(neighbours.Destination, in told.First[i].Destination);
            if (i >= Later)
            {
                Note(ledger, i - Later, start + ((i - Later) * ApartInCheck), told.First + i - Later);
                NaiveNote(naive, i - Later, start + ((i - Later) * ApartInCheck));
            }
        }
    }

    private void Note(HostLedger ledger, uint flow, long start, Neighbours* own)
    {
        FlowKey key = KeyOf(flow);
        ledger.Answer(in key, forwardIsB: false, start, own);
        ledger.ReachSix(in key, forwardIsB: false, start, own);
    }

    private void NaiveNote(NaiveHosts hosts, uint flow, long start)
    {
        FlowKey key = KeyOf(flow);
        hosts.Answer(in key, start);
        hosts.ReachSix(in key, start);
    }

    private FlowKey KeyOf(uint flow)
    {
        // Odd factors visit all hosts of each end in an order that no prefetcher guesses.
        uint random = flow * 2_654_435_761;
        uint source = Hosts == 0 ? flow : (random >> 7) % (uint)Hosts;
        uint destination = Hosts == 0 ? flow : (random >> 11) * 40_503 % (uint)Hosts;
        ulong port = (flow & 3) == 0 ? 53u : 443u;
        ulong tail = (40_000 + (flow & 0xFFF)) | (port << 16) | (6UL << 32) | (4UL << 40);
        return new FlowKey(0, PacketHeaders.MapIPv4(source), 0, PacketHeaders.MapIPv4(0x0A00_0000 + destination), tail);
    }
}
