using System.Buffers.Binary;

namespace FlowMeter.Tests.Support;

/// <summary>Bytes of a file, in the byte order it has.</summary>
internal sealed class CaptureBytes(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void Add16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        AddInOrder(bytes);
    }

    public void Add32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        AddInOrder(bytes);
    }

    public void Add64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        AddInOrder(bytes);
    }

    public void PadToWord()
    {
        while (Length % 4 != 0)
        {
            _bytes.Add(0);
        }
    }

    public byte[] ToArray() => [.. _bytes];

    private void AddInOrder(Span<byte> littleEndian)
    {
        if (bigEndian)
        {
            littleEndian.Reverse();
        }
        _bytes.AddRange(littleEndian);
    }
}
