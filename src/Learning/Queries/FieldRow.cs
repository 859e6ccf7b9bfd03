namespace FlowMeter.Learning.Queries;

/// <summary>The fields of one row as UTF-8 without quotes, in a buffer that is used again for the next row.</summary>
public sealed class FieldRow
{
    // Stands before a length that does not fit a byte.
    private const byte Long = byte.MaxValue;

    private byte[] _written = [];
    private byte[] _bytes = new byte[1024];
    private int[] _ends = new int[64];

    /// <summary>Fields of the row.</summary>
    public int Count { get; private set; }

    /// <summary>A field; valid until the row changes.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(field, Count);
            int start = field == 0 ? 0 : _ends[field - 1];
            return _bytes.AsSpan(start, _ends[field] - start);
        }
    }

    private int Length => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>Takes all fields away.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends a field, which is copied.</summary>
    public void Add(ReadOnlySpan<byte> field)
    {
        int start = Length;
        Reserve(start + field.Length, Count + 1);
        field.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + field.Length;
    }

    /// <summary>The row as bytes that <see cref="Read"/> takes, valid until the row changes: lengths of fields, then the fields.</summary>
    public ReadOnlySpan<byte> Written()
    {
        int most = ((Count + 1) * (sizeof(int) + 1)) + Length;
        if (_written.Length < most)
        {
            _written = new byte[2 * most];
        }

        int at = WriteLength(0, Count);
        for (int i = 0; i < Count; i++)
        {
            at = WriteLength(at, this[i].Length);
        }

        _bytes.AsSpan(0, Length).CopyTo(_written.AsSpan(at));
        return _written.AsSpan(0, at + Length);
    }

    /// <summary>Becomes a row that was written.</summary>
    /// <returns>The bytes that it took.</returns>
    public int Read(ReadOnlySpan<byte> from)
    {
        int at = 0;
        Clear();
        int count = ReadLength(from, ref at);
        Reserve(0, count);
        for (int i = 0, end = 0; i < count; i++)
        {
            _ends[i] = end += ReadLength(from, ref at);
        }

        Count = count;
        Reserve(Length, count);
        from.Slice(at, Length).CopyTo(_bytes);
        return at + Length;
    }

    private static int ReadLength(ReadOnlySpan<byte> from, ref int at)
    {
        byte length = from[at++];
        if (length < Long)
        {
            return length;
        }

        at += sizeof(int);
        return BitConverter.ToInt32(from[(at - sizeof(int))..]);
    }

    private int WriteLength(int at, int length)
    {
        _written[at++] = (byte)Math.Min(length, Long);
        if (length < Long)
        {
            return at;
        }

        BitConverter.TryWriteBytes(_written.AsSpan(at), length);
        return at + sizeof(int);
    }

    private void Reserve(int bytes, int fields)
    {
        if (bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, bytes));
        }

        if (fields > _ends.Length)
        {
            Array.Resize(ref _ends, Math.Max(2 * _ends.Length, fields));
        }
    }
}
