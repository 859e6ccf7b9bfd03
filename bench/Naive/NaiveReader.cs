using System.Buffers.Binary;

namespace FlowMeter.Bench.Naive;

/// <summary>Walks the records of a pcap file the safe and obvious way: a span that gets shorter, a field at a time.</summary>
internal ref struct NaiveReader(ReadOnlySpan<byte> records)
{
    private const int RecordHeader = 16;

    private ReadOnlySpan<byte> _rest = records;

    public ReadOnlySpan<byte> Frame { get; private set; }

    public uint WireLength { get; private set; }

    public long Time { get; private set; }

    public bool TryRead()
    {
        if (_rest.Length < RecordHeader)
        {
            return false;
        }

        uint seconds = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        uint microseconds = BinaryPrimitives.ReadUInt32LittleEndian(_rest[4..]);
        int captured = BinaryPrimitives.ReadInt32LittleEndian(_rest[8..]);
        WireLength = BinaryPrimitives.ReadUInt32LittleEndian(_rest[12..]);
        Time = (seconds * 1_000_000_000L) + (microseconds * 1000L);
        Frame = _rest.Slice(RecordHeader, captured);
        _rest = _rest[(RecordHeader + captured)..];
        return true;
    }
}
