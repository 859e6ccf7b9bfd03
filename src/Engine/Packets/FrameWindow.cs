using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Copies of the frames that came while a window of packets was filled, those that belong to no flow among them, as records of a pcap file
/// side by side. Bounded, and used again.
/// </summary>
internal sealed unsafe class FrameWindow : IDisposable
{
    /// <summary>Frames at most: a window of packets, and those between them that belongs to no flow.</summary>
    private const int MaxFrames = 256;

    // A window of the longest frames there are on a wire. What the offloads of a network card put together is longer, and then the window
    // is closed early.
    private const int MaxBytes = 2 << 20;

    private readonly NativeColumn<byte> _bytes = new(MaxBytes);
    private readonly int[] _starts = new int[MaxFrames + 1];
    private readonly int[] _packets = new int[MaxFrames];

    /// <summary>Frames in it.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is room for one more frame of this length.</summary>
    public bool HasRoom(uint captured) => Count < MaxFrames && _starts[Count] + PcapRecord.HeaderLength + captured <= MaxBytes;

    /// <summary>Appends a frame; there must be room.</summary>
    public void Add(byte* data, uint captured, uint wire, long time, int packet)
    {
        int start = _starts[Count];
        byte* to = _bytes.First + start;
        PcapRecord.Write(to, time, captured, wire);
        Buffer.MemoryCopy(data, to + PcapRecord.HeaderLength, captured, captured);
        _packets[Count++] = packet;
        _starts[Count] = start + PcapRecord.HeaderLength + (int)captured;
    }

    /// <summary>The bytes of the frame that was added last, to be rewritten where they are.</summary>
    public Span<byte> LastFrame
    {
        get
        {
            int start = _starts[Count - 1] + PcapRecord.HeaderLength;
            return new Span<byte>(_bytes.First + start, _starts[Count] - start);
        }
    }

    /// <summary>Cuts the frame that was added last; takes it back where nothing is left.</summary>
    public void CutLast(int captured)
    {
        if (captured == 0)
        {
            Count--;
            return;
        }

        byte* record = _bytes.First + _starts[Count - 1];
        PcapRecord.SetLength(record, (uint)captured);
        _starts[Count] = _starts[Count - 1] + PcapRecord.HeaderLength + captured;
    }

    /// <summary>Whether a frame is of a packet that goes the benign way.</summary>
    public bool IsBenign(int index, FrameRoute* routes) => _packets[index] >= 0 && routes[_packets[index]] == FrameRoute.Benign;

    /// <summary>The records of neighbouring frames.</summary>
    public ReadOnlySpan<byte> Records(int first, int end) => new(_bytes.First + _starts[first], _starts[end] - _starts[first]);

    /// <summary>Bytes that neighbouring frames had on the wire.</summary>
    public long WireBytes(int first, int end)
    {
        long bytes = 0;
        for (int i = first; i < end; i++)
        {
            bytes += PcapRecord.WireLength(_bytes.First + _starts[i]);
        }

        return bytes;
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
