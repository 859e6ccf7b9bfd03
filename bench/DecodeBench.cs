using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>From frames to keys, sizes and times in windows of 64, a packet an operation.</summary>
[Config(typeof(InProcessRun))]
public unsafe class DecodeBench : IDisposable
{
    private const int Packets = PacketBatch.Capacity;

    private readonly PacketBatch _batch = new();
    private readonly PacketColumns _window = new(PacketWindow.Capacity, PayloadDetail.None);
    private readonly NaiveKey[] _keys = new NaiveKey[Packets];
    private readonly byte[] _tcpFlags = new byte[Packets];
    private readonly bool[] _fromB = new bool[Packets];
    private readonly FragmentTable _fragments;
    private readonly Decoder _decoder;
    private readonly InternetLayer _internet;
    private BenchCapture _capture = null!;

    public DecodeBench()
    {
        _fragments = new FragmentTable(new FlowHash());
        _decoder = new Decoder(new DecodeRules(), tunnels: null, _fragments);
        _internet = new InternetLayer(tunnels: null, _fragments);
    }

    /// <summary>Share of flows over IPv6, which are no common frames.</summary>
    [Params(0, 0.3)]
    public double IPv6Share { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _capture = new BenchCapture(new TrafficOptions { Packets = Packets, ConcurrentFlows = 1000, IPv6Share = IPv6Share });
        _capture.Format.Walk(_capture.Records, _capture.Length, PcapFormat.HeaderLength, _batch);
        Twins.MustAgree(Naive() == Packets);
        for (int first = 0; first < Packets; first += PacketWindow.Capacity)
        {
            _decoder.Decode(_batch, first, PacketWindow.Capacity, _window);
            CheckWindow(first);
            DecodeGenerally(first);
            CheckWindow(first);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _capture.Dispose();
        _fragments.Dispose();
        _window.Dispose();
        _batch.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does: common frames in one go, others layer by layer.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public int Decoder()
    {
        int kept = 0;
        for (int first = 0; first < Packets; first += PacketWindow.Capacity)
        {
            _decoder.Decode(_batch, first, PacketWindow.Capacity, _window);
            kept += _window.Count;
        }

        return kept;
    }

    /// <summary>Every frame layer by layer.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public int LayersOnly()
    {
        int kept = 0;
        for (int first = 0; first < Packets; first += PacketWindow.Capacity)
        {
            kept += DecodeGenerally(first);
        }

        return kept;
    }

    /// <summary>With spans, into arrays.</summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public int Naive()
    {
        int kept = 0;
        for (int i = 0; i < Packets; i++)
        {
            ReadOnlySpan<byte> frame = new(_batch.Data[i], (int)_batch.CapturedLength[i]);
            if (NaiveDecoder.TryDecode(frame, out _keys[kept], out _fromB[kept], out _tcpFlags[kept]))
            {
                kept++;
            }
        }

        return kept;
    }

    private int DecodeGenerally(int first)
    {
        int kept = 0;
        for (int i = first; i < first + PacketWindow.Capacity; i++)
        {
            PacketHeaders headers = default;
            _internet.Time = _batch.Time[i];
            if (LinkLayer.Decode(_batch.LinkType, _batch.Data[i], _batch.CapturedLength[i], _internet, ref headers) == DecodeResult.Metered)
            {
                _window.Keys[kept] = FlowKey.From(in headers, out _window.FromB[kept]);
                _window.TcpFlags[kept] = headers.TcpFlags;
                _window.Times[kept] = _batch.Time[i];
                _window.Sizes[kept] = _batch.WireLength[i];
                kept++;
            }
        }

        return kept;
    }

    /// <summary>The two orders of endpoints differ, so what has to be the same is the pair of ports.</summary>
    private void CheckWindow(int first)
    {
        for (int i = 0; i < PacketWindow.Capacity; i++)
        {
            FlowKey key = _window.Keys[i];
            NaiveKey naive = _keys[first + i];
            Twins.MustAgree(key.Protocol == naive.Protocol);
            Twins.MustAgree((key.PortA, key.PortB) == (naive.PortA, naive.PortB) || (key.PortA, key.PortB) == (naive.PortB, naive.PortA));
            Twins.MustAgree(_window.TcpFlags[i] == _tcpFlags[first + i]);
        }
    }
}
