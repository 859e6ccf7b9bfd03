using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>
/// What workers can not do at the same time, a packet an operation: their turn on a file. Read in turn, the turn is all of it; read ahead,
/// what <see cref="FetchAndTake"/> costs more than <see cref="Fetch"/>.
/// </summary>
[Config(typeof(InProcessRun))]
[MemoryDiagnoser]
public class TurnBench : IDisposable
{
    private const int Packets = 200_000;

    private readonly PacketBatch _batch = new();
    private readonly string _file = Path.GetTempFileName();

    /// <summary>Frames of 64, 576 and 1500 bytes instead of 64 only.</summary>
    [Params(false, true)]
    public bool Imix { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        using (FileStream file = File.Create(_file))
        {
            TrafficGenerator.Write(file, new TrafficOptions { Packets = Packets, ConcurrentFlows = 1000, Imix = Imix });
        }

        Twins.MustAgree(Fill() == Packets);
        Twins.MustAgree(FetchAndTake() == Packets);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _batch.Dispose();
        File.Delete(_file);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads and walks.</summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public long Fill()
    {
        using SavefileSource source = Open();
        return FillToEnd(source);
    }

    /// <summary>Reads ahead and leaves it at that.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long Fetch()
    {
        using SavefileSource source = Open();
        long read = 0;
        do
        {
            _ = source.TryReserve(_batch);
            _batch.Fetch();
            read += _batch.Piece.Read;
        }
        while (_batch.Piece.Read == _batch.Piece.Length);

        return read;
    }

    /// <summary>Reads ahead and walks.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long FetchAndTake()
    {
        using SavefileSource source = Open();
        long count = 0;
        while (source.TryReserve(_batch))
        {
            _batch.Fetch();
            while (source.TryTake(_batch))
            {
                count += _batch.Count;
            }
        }

        return count + FillToEnd(source);
    }

    /// <summary>Opens the file, with pieces as long as they would become.</summary>
    private SavefileSource Open()
    {
        SavefileSource source = Savefile.Open(_file, _ => { }, new InputProgress());
        source.File!.Learn((int)new FileInfo(_file).Length, Packets);
        return source;
    }

    private long FillToEnd(SavefileSource source)
    {
        long count = 0;
        while (source.TryFill(_batch))
        {
            count += _batch.Count;
        }

        return count;
    }
}
