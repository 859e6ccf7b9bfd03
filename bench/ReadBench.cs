using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>
/// The walk over the records of a pcap file, a packet an operation. As much as one read of a source holds, so that the bytes are in the
/// cache as they are there.
/// </summary>
[Config(typeof(InProcessRun))]
[MemoryDiagnoser]
public unsafe class ReadBench : IDisposable
{
    private const int Packets = 512;

    private readonly PacketBatch _batch = new();
    private readonly NaivePacket[] _packets = new NaivePacket[Packets];
    private BenchCapture _capture = null!;

    /// <summary>Frames of 64, 576 and 1500 bytes instead of 64 only.</summary>
    [Params(false, true)]
    public bool Imix { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _capture = new BenchCapture(new TrafficOptions { Packets = Packets, ConcurrentFlows = 100, Imix = Imix });
        Twins.MustAgree(Walk() == _capture.Length);
        Twins.MustAgree(Spans() == _batch.Count);
        for (int i = 0; i < Packets; i++)
        {
            Twins.MustAgree(_packets[i] == new NaivePacket(
                (int)(_batch.Data[i] - _capture.Records), (int)_batch.CapturedLength[i], _batch.WireLength[i], _batch.Time[i]));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _capture.Dispose();
        _batch.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Into a batch.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long Walk() => _capture.Format.Walk(_capture.Records, _capture.Length, PcapFormat.HeaderLength, _batch);

    /// <summary>With spans, into an array of structs.</summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public int Spans()
    {
        NaiveReader reader = new(_capture.Span);
        int offset = 0;
        int count = 0;
        while (reader.TryRead())
        {
            offset += 16;
            _packets[count++] = new NaivePacket(offset, reader.Frame.Length, reader.WireLength, reader.Time);
            offset += reader.Frame.Length;
        }

        return count;
    }

    /// <summary>With the library's reader, an array a frame.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long LibraryReader()
    {
        using BinaryReader reader = new(new UnmanagedMemoryStream(_capture.Records, _capture.Length));
        long sum = 0;
        for (int i = 0; i < Packets; i++)
        {
            long time = (reader.ReadUInt32() * CaptureTime.Second) + (reader.ReadUInt32() * 1000L);
            int captured = reader.ReadInt32();
            uint wire = reader.ReadUInt32();
            byte[] frame = reader.ReadBytes(captured);
            sum += time + wire + frame.Length;
        }

        return sum;
    }

    private readonly record struct NaivePacket(int Offset, int CapturedLength, uint WireLength, long Time);
}
