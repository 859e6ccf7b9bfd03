using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Memory;
using FlowMeter.Native;

namespace FlowMeter.Bench;

/// <summary>The way through a block of the kernel's ring, a packet an operation; frames of 64 bytes, as the kernel lays them out.</summary>
[Config(typeof(InProcessRun))]
[MemoryDiagnoser]
public unsafe class RingWalkBench : IDisposable
{
    private const int Packets = 1024;
    private const int Frame = 64;
    private const int Link = 82;
    private const int Stride = (Link + Frame + 7) & ~7;
    private const int FirstOffset = 48;
    private const int SnapLength = 256;

    private readonly NativeColumn<byte> _block = new(FirstOffset + (Packets * Stride));
    private readonly NativeColumn<nint> _data = new(Packets);
    private readonly NativeColumn<uint> _captured = new(Packets);
    private readonly NativeColumn<uint> _wire = new(Packets);
    private readonly NativeColumn<long> _time = new(Packets);
    private readonly NaivePacket[] _packets = new NaivePacket[Packets];

    [GlobalSetup]
    public void Setup()
    {
        *(RingBlock*)_block.First = new RingBlock { Status = RingBlock.OfUser, Count = Packets, FirstOffset = FirstOffset };
        for (int i = 0; i < Packets; i++)
        {
            *(RingPacket*)(_block.First + FirstOffset + (i * Stride)) = new RingPacket
            {
                NextOffset = i + 1 == Packets ? 0 : (uint)Stride,
                Seconds = 1_700_000_000 + ((uint)i / 100),
                Nanoseconds = (uint)i * 997,
                CapturedLength = Frame,
                WireLength = Frame + ((uint)i % 1000),
                LinkOffset = Link,
            };
        }

        Twins.MustAgree(Walk() == Packets);
        Twins.MustAgree(Spans() == Packets);
        for (int i = 0; i < Packets; i++)
        {
            Twins.MustAgree(_packets[i] == new NaivePacket(
                (int)((byte*)_data.First[i] - _block.First), (int)_captured.First[i], _wire.First[i], _time.First[i]));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _block.Dispose();
        _data.Dispose();
        _captured.Dispose();
        _wire.Dispose();
        _time.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Into columns of pointers.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public int Walk()
    {
        RingWalk walk = new(_block.First, isEthernet: true, SnapLength);
        return walk.Take(new PacketPointers((byte**)_data.First, _captured.First, _wire.First, _time.First), Packets);
    }

    /// <summary>With spans, into an array of structs.</summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public int Spans()
    {
        ReadOnlySpan<byte> block = new(_block.First, (int)_block.Length);
        int at = BinaryPrimitives.ReadInt32LittleEndian(block[16..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(block[12..]);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> packet = block[at..];
            long time = (BinaryPrimitives.ReadUInt32LittleEndian(packet[4..]) * 1_000_000_000L)
                + BinaryPrimitives.ReadUInt32LittleEndian(packet[8..]);
            int captured = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(packet[12..]), SnapLength);
            uint wire = BinaryPrimitives.ReadUInt32LittleEndian(packet[16..]);
            _packets[i] = new NaivePacket(at + BinaryPrimitives.ReadUInt16LittleEndian(packet[24..]), captured, wire, time);
            at += BinaryPrimitives.ReadInt32LittleEndian(packet);
        }

        return count;
    }

    private readonly record struct NaivePacket(int Offset, int CapturedLength, uint WireLength, long Time);
}
