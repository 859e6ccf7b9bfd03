using System.Buffers.Binary;
using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Puts any number of rows in the order of their keys, and rows of equal keys in that in which they came. What does not fit into its memory
/// goes to a temporary file in sorted runs, which are merged at the end. For one thread.
/// </summary>
/// <param name="folder">Where temporary files go.</param>
/// <param name="memory">Bytes of rows that are kept in memory; a single row may take more.</param>
internal sealed class RowSorter(string folder, int memory = RowSorter.DefaultMemory) : IDisposable
{
    /// <summary>Bytes of rows in memory where nothing else is said.</summary>
    public const int DefaultMemory = 64 << 20;

    /// <summary>Runs that are merged at a time; each has a buffer.</summary>
    private const int MaxMerged = 64;

    private readonly List<(ulong Prefix, int At)> _rows = [];
    private readonly List<(long Start, long End)> _runs = [];
    private byte[] _bytes = new byte[1 << 20];
    private int _length;
    private SpillFile? _spill;

    /// <summary>Takes one of the sorted rows. Both spans are valid during the call.</summary>
    public delegate void RowAction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row);

    /// <summary>Whether rows went to a temporary file.</summary>
    public bool HasSpilled => _spill != null;

    /// <summary>Takes a row.</summary>
    /// <param name="key">Its key: compared byte by byte.</param>
    /// <param name="row">The row, which is copied.</param>
    /// <exception cref="OutputException">The temporary file can not be written.</exception>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        int length = SortedRun.HeaderLength + key.Length + row.Length;
        if (_rows.Count > 0 && (long)_length + length + ((_rows.Count + 1L) * 16) > memory)
        {
            Spill();
        }

        if ((long)_length + length > _bytes.Length)
        {
            int needed = checked(_length + length);
            Array.Resize(ref _bytes, Math.Max(needed, (int)Math.Min(2L * _bytes.Length, memory)));
        }

        Span<byte> to = _bytes.AsSpan(_length, length);
        SortedRun.WriteHeader(to, key.Length, row.Length);
        key.CopyTo(to[SortedRun.HeaderLength..]);
        row.CopyTo(to[(SortedRun.HeaderLength + key.Length)..]);
        _rows.Add((PrefixOf(key), _length));
        _length += length;
    }

    /// <summary>Hands out all rows in order, and is empty afterwards.</summary>
    /// <exception cref="OutputException">The temporary file can not be written or read.</exception>
    public void Drain(RowAction action)
    {
        if (_spill == null)
        {
            Sort();
            foreach ((_, int at) in _rows)
            {
                action(KeyAt(at), RowAt(at));
            }
        }
        else
        {
            Spill();
            _bytes = [];
            while (_runs.Count > MaxMerged)
            {
                MergeSome();
            }

            new SortedRunMerge(_spill, _runs).Run(action);
        }

        _rows.Clear();
        _length = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _spill?.Dispose();

    /// <summary>The first eight bytes of a key, which mostly decide.</summary>
    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private void Sort() => _rows.Sort((one, other) =>
    {
        int order = one.Prefix.CompareTo(other.Prefix);
        order = order != 0 ? order : KeyAt(one.At).SequenceCompareTo(KeyAt(other.At));
        return order != 0 ? order : one.At.CompareTo(other.At);
    });

    private void Spill()
    {
        _spill ??= SpillFile.Create(folder);
        Sort();
        long start = _spill.Length;
        foreach ((_, int at) in _rows)
        {
            _spill.Append(_bytes.AsSpan(at, SortedRun.LengthOf(_bytes.AsSpan(at))));
        }

        _spill.Flush();
        _runs.Add((start, _spill.Length));
        _rows.Clear();
        _length = 0;
    }

    /// <summary>Merges neighbouring runs into fewer ones, in a file of their own.</summary>
    private void MergeSome()
    {
        SpillFile merged = SpillFile.Create(folder);
        try
        {
            List<(long Start, long End)> runs = [];
            byte[] header = new byte[SortedRun.HeaderLength];
            foreach ((long Start, long End)[] some in _runs.Chunk(MaxMerged))
            {
                long start = merged.Length;
                new SortedRunMerge(_spill!, some).Run((key, row) =>
                {
                    SortedRun.WriteHeader(header, key.Length, row.Length);
                    merged.Append(header);
                    merged.Append(key);
                    merged.Append(row);
                });
                merged.Flush();
                runs.Add((start, merged.Length));
            }

            _runs.Clear();
            _runs.AddRange(runs);
        }
        catch
        {
            merged.Dispose();
            throw;
        }

        _spill!.Dispose();
        _spill = merged;
    }

    private ReadOnlySpan<byte> KeyAt(int at) => SortedRun.KeyOf(_bytes.AsSpan(at));

    private ReadOnlySpan<byte> RowAt(int at) => SortedRun.RowOf(_bytes.AsSpan(at));
}
