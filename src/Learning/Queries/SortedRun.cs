using System.Buffers.Binary;
using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Sorted rows in a temporary file, read one after the other: of each the lengths of its key and of the row, 4 bytes each, then both.
/// </summary>
/// <param name="file">The file; stays the caller's.</param>
/// <param name="start">Where the run begins.</param>
/// <param name="end">Where it ends.</param>
internal sealed class SortedRun(SpillFile file, long start, long end)
{
    /// <summary>Bytes before a key.</summary>
    public const int HeaderLength = 8;

    private const int BufferLength = 256 << 10;

    private byte[] _buffer = new byte[(int)Math.Min(BufferLength, end - start)];
    private long _next = start;
    private int _from;
    private int _filled;

    /// <summary>The key of the row at hand.</summary>
    public ReadOnlySpan<byte> Key => KeyOf(_buffer.AsSpan(_from));

    /// <summary>The row at hand.</summary>
    public ReadOnlySpan<byte> Row => RowOf(_buffer.AsSpan(_from));

    /// <summary>Writes what stands before a key.</summary>
    public static void WriteHeader(Span<byte> to, int keyLength, int rowLength)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, keyLength);
        BinaryPrimitives.WriteInt32LittleEndian(to[sizeof(int)..], rowLength);
    }

    /// <summary>The bytes of a row with its key and what is before it.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes) =>
        HeaderLength + BinaryPrimitives.ReadInt32LittleEndian(bytes) + BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]);

    /// <summary>The key at the beginning of some bytes.</summary>
    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> bytes) =>
        bytes.Slice(HeaderLength, BinaryPrimitives.ReadInt32LittleEndian(bytes));

    /// <summary>The row at the beginning of some bytes.</summary>
    public static ReadOnlySpan<byte> RowOf(ReadOnlySpan<byte> bytes) => bytes.Slice(
        HeaderLength + BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));

    /// <summary>Goes to the next row, at first to the first. False at the end.</summary>
    /// <exception cref="OutputException">The file can not be read.</exception>
    public bool Read()
    {
        if (_filled > 0)
        {
            _from += LengthOf(_buffer.AsSpan(_from));
        }

        if (_filled - _from < HeaderLength && !Fill(HeaderLength))
        {
            return false;
        }

        int length = LengthOf(_buffer.AsSpan(_from));
        return _filled - _from >= length || Fill(length);
    }

    /// <summary>Reads on until this many bytes are there. False at the end.</summary>
    private bool Fill(int needed)
    {
        int kept = _filled - _from;
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, needed);
        }

        _buffer.AsSpan(_from, kept).CopyTo(_buffer);
        (_from, _filled) = (0, kept);
        int wanted = (int)Math.Min(_buffer.Length - _filled, end - _next);
        file.Read(_buffer.AsSpan(_filled, wanted), _next);
        _next += wanted;
        _filled += wanted;
        return _filled >= needed;
    }
}
