using System.Text;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Structures in Thrift's compact protocol, as far as Parquet's metadata need it: fields in rising order, numbers, bytes, lists.
/// </summary>
/// <param name="behind">The number of the field that is in front of the first one; 0: none.</param>
internal sealed class ThriftWriter(int behind = 0)
{
    private readonly List<byte> _bytes = [];
    private readonly Stack<int> _outer = new();
    private int _field = behind;

    /// <summary>What was written.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>Fields that were written before, the last of which has this number.</summary>
    public ThriftWriter Fields(ReadOnlySpan<byte> encoded, int last)
    {
        _bytes.AddRange(encoded);
        _field = last;
        return this;
    }

    /// <summary>A field that is a 16-bit or 32-bit integer, or an enumeration.</summary>
    public ThriftWriter Integer(int field, int value)
    {
        const int type = 5;
        Field(field, type);
        Number(value);
        return this;
    }

    /// <summary>A field that is a 64-bit integer.</summary>
    public ThriftWriter Long(int field, long value)
    {
        const int type = 6;
        Field(field, type);
        Number(value);
        return this;
    }

    /// <summary>A field that is true or false.</summary>
    public ThriftWriter Flag(int field, bool value)
    {
        Field(field, value ? 1 : 2);
        return this;
    }

    /// <summary>A field that is bytes.</summary>
    public ThriftWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        const int type = 8;
        Field(field, type);
        Bytes(value);
        return this;
    }

    /// <summary>A field that is text.</summary>
    public ThriftWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field that is a structure, whose fields follow up to <see cref="End"/>.</summary>
    public ThriftWriter Begin(int field)
    {
        const int type = 12;
        Field(field, type);
        return BeginElement();
    }

    /// <summary>A structure in a list.</summary>
    public ThriftWriter BeginElement()
    {
        _outer.Push(_field);
        _field = 0;
        return this;
    }

    /// <summary>Ends a structure.</summary>
    public ThriftWriter End()
    {
        _bytes.Add(0);
        _field = _outer.Count > 0 ? _outer.Pop() : 0;
        return this;
    }

    /// <summary>A field that is a list of structures, which follow.</summary>
    public ThriftWriter Structures(int field, int count) => List(field, count, 12);

    /// <summary>A field that is a list of integers.</summary>
    public ThriftWriter Integers(int field, params ReadOnlySpan<int> values)
    {
        List(field, values.Length, 5);
        foreach (int value in values)
        {
            Number(value);
        }

        return this;
    }

    /// <summary>A field that is a list of one text.</summary>
    public ThriftWriter Texts(int field, string value)
    {
        List(field, 1, 8);
        Bytes(Encoding.UTF8.GetBytes(value));
        return this;
    }

    private ThriftWriter List(int field, int count, int type)
    {
        const int list = 9;
        const int shortest = 15;
        Field(field, list);
        _bytes.Add((byte)((Math.Min(count, shortest) << 4) | type));
        if (count >= shortest)
        {
            Varint((ulong)count);
        }

        return this;
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
    }

    private void Field(int field, int type)
    {
        _bytes.Add((byte)(((field - _field) << 4) | type));
        _field = field;
    }

    private void Number(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private void Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
