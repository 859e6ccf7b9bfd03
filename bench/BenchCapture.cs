using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>A synthetic capture in memory of its own, where no garbage collection moves it or waits for it.</summary>
internal sealed unsafe class BenchCapture : IDisposable
{
    private readonly NativeColumn<byte> _bytes;

    public BenchCapture(TrafficOptions options)
    {
        using MemoryStream stream = new();
        TrafficGenerator.Write(stream, options);
        _bytes = new NativeColumn<byte>(stream.Length);
        stream.GetBuffer().AsSpan(0, (int)stream.Length).CopyTo(new Span<byte>(_bytes.First, (int)stream.Length));
        Format = PcapFormat.TryCreate("bench", new ReadOnlySpan<byte>(_bytes.First, PcapFormat.HeaderLength))!;
    }

    /// <summary>The format that the file header states.</summary>
    public PcapFormat Format { get; }

    /// <summary>The first record.</summary>
    public byte* Records => _bytes.First + PcapFormat.HeaderLength;

    /// <summary>Bytes of all records.</summary>
    public int Length => (int)_bytes.Length - PcapFormat.HeaderLength;

    /// <summary>The records as the twins read them.</summary>
    public ReadOnlySpan<byte> Span => new(Records, Length);

    /// <summary>The file, header included, as a source.</summary>
    public SavefileSource Open() =>
        Savefile.Open("bench", new UnmanagedMemoryStream(_bytes.First, _bytes.Length), message => throw new InvalidDataException(message));

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
