using BenchmarkDotNet.Attributes;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Bench;

/// <summary>
/// What profile full asks and tells the ledger of hosts, a new flow an operation: few hosts that talk again and again, and hosts that are
/// all new, in a ledger that is full and forgets. A flow in 50 µs.
/// </summary>
[Config(typeof(InProcessRun))]
public unsafe class HostLedgerBench : IDisposable
{
    private const int Flows = 1 << 12;
    private const long Apart = 50_000;

    private readonly HostLedger _ledger = new(isShared: false);
    private readonly NativeColumn<Neighbours> _told = new(Flows);
    private long _time = 1_700_000_000_000_000_000;
    private uint _next;

    /// <summary>Hosts at each end; 0 for hosts that are all new.</summary>
    [Params(16, 1024, 32_768, 0)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < 200; i++)
        {
            WholeFlow();
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
    [Benchmark(OperationsPerInvoke = Flows)]
    public void Begin()
    {
        for (int i = 0; i < Flows; i++)
        {
            FlowKey key = KeyOf(_next++);
            _ledger.Begin(in key, forwardIsB: false, _time += Apart, _told.First + i);
        }
    }

    /// <summary>The same, and 64 flows later the answer and the sixth packet.</summary>
    [Benchmark(OperationsPerInvoke = Flows)]
    public void WholeFlow()
    {
        const int Later = 64;
        for (int i = 0; i < Flows; i++)
        {
            FlowKey key = KeyOf(_next++);
            _ledger.Begin(in key, forwardIsB: false, _time += Apart, _told.First + i);
            if (i >= Later)
            {
                FlowKey before = KeyOf(_next - 1 - Later);
                long start = _time - (Later * Apart);
                _ledger.Answer(in before, forwardIsB: false, start, _told.First + i - Later);
                _ledger.ReachSix(in before, forwardIsB: false, start, _told.First + i - Later);
            }
        }
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
