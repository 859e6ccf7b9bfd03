using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The names of one flow: fields one after the other, each as its <see cref="NameField"/>, its length and its bytes, as they were on the
/// wire (<see cref="NameText"/> escapes them). A name of more than 255 bytes is cut there, and so is one that does not fit any more. 512
/// bytes: the longest name of a host, JA4 and ALPN fit beside each other, and a page has eight records.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal unsafe struct NameRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int Size = 512;

    private const int Capacity = Size - 8;

    /// <summary>The next free record, in the arena's lists.</summary>
    public uint Next;

    private ushort _used;
    private ushort _cut;
    private fixed byte _fields[Capacity];

    /// <summary>Whether a name was cut.</summary>
    public readonly bool IsCut => _cut != 0;

    /// <summary>The bytes of a field; empty where the flow has none. They hold until the record is given back.</summary>
    public ReadOnlySpan<byte> this[NameField field]
    {
        get
        {
            int at = Find(field);
            fixed (byte* fields = _fields)
            {
                return at < 0 ? [] : new ReadOnlySpan<byte>(fields + at + 2, fields[at + 1]);
            }
        }
    }

    /// <summary>Makes it a record without names.</summary>
    public void Clear()
    {
        Next = 0;
        _used = 0;
        _cut = 0;
    }

    /// <summary>Adds a field, unless it is there already: the first name of a flow is its name.</summary>
    public void Add(NameField field, ReadOnlySpan<byte> bytes)
    {
        int room = Capacity - _used - 2;
        if (Find(field) >= 0)
        {
            return;
        }

        int length = Math.Min(bytes.Length, Math.Min(room, byte.MaxValue));
        _cut |= length < bytes.Length ? (ushort)1 : (ushort)0;
        if (room < 1 || length == 0)
        {
            return;
        }

        fixed (byte* fields = _fields)
        {
            fields[_used] = (byte)field;
            fields[_used + 1] = (byte)length;
            bytes[..length].CopyTo(new Span<byte>(fields + _used + 2, length));
        }

        _used += (ushort)(length + 2);
    }

    /// <summary>Replaces the bytes of a field by as many others; nothing where it has another length.</summary>
    public void Replace(NameField field, ReadOnlySpan<byte> bytes)
    {
        int at = Find(field);
        fixed (byte* fields = _fields)
        {
            if (at >= 0 && fields[at + 1] == bytes.Length)
            {
                bytes.CopyTo(new Span<byte>(fields + at + 2, bytes.Length));
            }
        }
    }

    /// <summary>Where a field is, -1 for nowhere. At most twenty short steps, and a flow has rarely more than five.</summary>
    private readonly int Find(NameField field)
    {
        fixed (byte* fields = _fields)
        {
            for (int at = 0; at < _used; at += 2 + fields[at + 1])
            {
                if (fields[at] == (byte)field)
                {
                    return at;
                }
            }
        }

        return -1;
    }
}
