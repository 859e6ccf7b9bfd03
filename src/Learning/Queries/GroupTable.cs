using System.Runtime.InteropServices;
using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Sums up groups of rows by a key of bytes, exactly and in bounded memory: where there are more groups than fit, they go to a
/// <see cref="RowSorter"/>, in which the parts of a group meet again. For one thread.
/// </summary>
/// <param name="folder">Where temporary files go.</param>
/// <param name="memory">Bytes of groups that are kept in memory.</param>
internal sealed class GroupTable(string folder, int memory = RowSorter.DefaultMemory / 2) : IDisposable
{
    private static readonly int s_sumsLength = System.Runtime.CompilerServices.Unsafe.SizeOf<GroupSums>();

    private readonly RowSorter _sorter = new(folder, memory);
    private readonly List<GroupSums> _sums = [];
    private readonly List<(int Start, int End, int Hash)> _keys = [];
    private int[] _places = new int[1024];
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    /// <summary>Takes a group. The key is valid during the call.</summary>
    public delegate void GroupAction(ReadOnlySpan<byte> key, in GroupSums sums);

    /// <summary>Whether groups went to a temporary file.</summary>
    public bool HasSpilled => _sorter.HasSpilled;

    /// <summary>Adds to a group.</summary>
    /// <exception cref="OutputException">The temporary file can not be written.</exception>
    public void Add(ReadOnlySpan<byte> key, in GroupSums sums)
    {
        int hash = HashOf(key);
        int at = Find(key, hash);
        if (_places[at] != 0)
        {
            CollectionsMarshal.AsSpan(_sums)[_places[at] - 1].Add(in sums);
            return;
        }

        if (_keys.Count > 0 && _length + key.Length + ((_keys.Count + 1L) * (s_sumsLength + 24)) > memory)
        {
            Spill();
            at = Find(key, hash);
        }

        Insert(key, hash, at, in sums);
    }

    /// <summary>Hands out all groups in the order of their keys, and is empty afterwards.</summary>
    /// <exception cref="OutputException">The temporary file can not be written or read.</exception>
    public void Drain(GroupAction action)
    {
        Spill();
        byte[] last = [];
        int length = -1;
        GroupSums sums = GroupSums.Empty;
        _sorter.Drain((key, row) =>
        {
            if (length >= 0 && key.SequenceEqual(last.AsSpan(0, length)))
            {
                sums.Add(MemoryMarshal.Read<GroupSums>(row));
                return;
            }

            if (length >= 0)
            {
                action(last.AsSpan(0, length), in sums);
            }

            if (last.Length < key.Length)
            {
                last = new byte[2 * key.Length];
            }

            key.CopyTo(last);
            length = key.Length;
            sums = MemoryMarshal.Read<GroupSums>(row);
        });
        if (length >= 0)
        {
            action(last.AsSpan(0, length), in sums);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sorter.Dispose();

    /// <summary>The runtime's hash has a seed for each process, so nobody can write a table whose groups all fall together.</summary>
    private static int HashOf(ReadOnlySpan<byte> key)
    {
        HashCode hash = default;
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    private int Find(ReadOnlySpan<byte> key, int hash)
    {
        int mask = _places.Length - 1;
        int at = hash & mask;
        while (_places[at] != 0)
        {
            (int start, int end, int other) = _keys[_places[at] - 1];
            if (other == hash && key.SequenceEqual(_bytes.AsSpan(start, end - start)))
            {
                break;
            }

            at = (at + 1) & mask;
        }

        return at;
    }

    private void Insert(ReadOnlySpan<byte> key, int hash, int at, in GroupSums sums)
    {
        if (_length + key.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + key.Length));
        }

        key.CopyTo(_bytes.AsSpan(_length));
        _keys.Add((_length, _length + key.Length, hash));
        _length += key.Length;
        _sums.Add(sums);
        _places[at] = _keys.Count;
        if (_keys.Count * 2 > _places.Length)
        {
            Grow();
        }
    }

    private void Grow()
    {
        _places = new int[2 * _places.Length];
        int mask = _places.Length - 1;
        for (int i = 0; i < _keys.Count; i++)
        {
            int at = _keys[i].Hash & mask;
            while (_places[at] != 0)
            {
                at = (at + 1) & mask;
            }

            _places[at] = i + 1;
        }
    }

    /// <summary>Hands all groups to the sorter, which has none of them in its memory afterwards unless all fit.</summary>
    private void Spill()
    {
        foreach (((int start, int end, _), GroupSums sums) in _keys.Zip(_sums))
        {
            GroupSums copy = sums;
            _sorter.Add(_bytes.AsSpan(start, end - start), MemoryMarshal.AsBytes(new ReadOnlySpan<GroupSums>(in copy)));
        }

        _keys.Clear();
        _sums.Clear();
        Array.Clear(_places);
        _length = 0;
    }
}
