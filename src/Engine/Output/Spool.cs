namespace FlowMeter.Engine.Output;

/// <summary>
/// Messages that wait for a broker, in order and bounded, on a disk or in memory. They are handed out one after the other and kept until
/// they are acknowledged; what was handed out and not acknowledged can be handed out again (<see cref="Rewind"/>), and the next run begins
/// with what the last one left. A message that finds no room is refused, so the oldest are kept: a gap is where rows were lost, not where
/// they were waiting. For any thread.
/// </summary>
internal sealed partial class Spool : IDisposable
{
    // A segment is deleted as a whole, so the room of acknowledged messages comes back in steps of it.
    private const long MaxSegment = 16 << 20;
    private const int MinSegments = 8;

    private readonly object _lock = new();
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly long _segmentBytes;
    private readonly List<SpoolSegment> _segments = [];
    private readonly Queue<Handed> _handed = new();

    // Acknowledged behind one that was not, when all of them were to be handed out again.
    private readonly HashSet<(SpoolSegment Segment, long At)> _done = [];
    private (SpoolSegment? Segment, long At) _next;
    private long _firstHanded;
    private int _number;
    private bool _isEnded;

    private Spool(IDisk disk, string folder, long maxBytes)
    {
        (_disk, _folder, _maxBytes) = (disk, folder, maxBytes);
        _segmentBytes = Math.Min(MaxSegment, maxBytes / MinSegments);
    }

    /// <summary>Messages that are not acknowledged.</summary>
    public MessageTotals Waiting
    {
        get
        {
            lock (_lock)
            {
                return field;
            }
        }
        private set;
    }

    /// <summary>Those of them that an earlier run left.</summary>
    public MessageTotals Found { get; private set; }

    /// <summary>Makes a spool in memory.</summary>
    public static Spool InMemory(long maxBytes) => new(new MemoryDisk(), "", maxBytes);

    /// <summary>Opens a spool in a folder, with what earlier runs left; files of runs that live are let alone.</summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="maxBytes">Bytes of all its files at most.</param>
    /// <param name="tell">Takes a line about a file that can not be used.</param>
    public static Spool Open(IDisk disk, string folder, long maxBytes, Action<string> tell)
    {
        Spool spool = new(disk, folder, maxBytes);
        foreach (string path in disk.FilesOf(folder, SpoolSegment.Suffix).Order(StringComparer.Ordinal))
        {
            spool.TakeOver(path, tell);
        }

        return spool;
    }

    /// <summary>Adds a message, if there is room for it.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be created.</exception>
    public bool TryAdd(BlockMessage message)
    {
        byte[] record = SpoolRecord.Encode(message);
        lock (_lock)
        {
            if (_segments.Sum(segment => segment.Length) + SpoolSegment.LeastLength + record.Length > _maxBytes)
            {
                return false;
            }

            if (_segments.Count == 0 || _segments[^1].Length + record.Length > _segmentBytes)
            {
                _segments.Add(CreateSegment());
            }

            SpoolSegment last = _segments[^1];
            long at = last.Length;
            last.Append(record);
            _next = _next.Segment == null ? (last, at) : _next;
            Waiting += TotalsOf(message);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Hands out the next message, or waits for it.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="maxHanded">Messages that may be handed out and not acknowledged.</param>
    /// <returns>The message and its number, by which it is acknowledged; null if there is none by then.</returns>
    /// <exception cref="IOException">It can not be read.</exception>
    public (long Number, BlockMessage Message)? Next(TimeSpan patience, int maxHanded)
    {
        lock (_lock)
        {
            if (!HasNext(maxHanded) && !_isEnded)
            {
                Monitor.Wait(_lock, patience);
            }

            while (HasNext(maxHanded))
            {
                (SpoolSegment segment, long at) = (_next.Segment!, _next.At);
                BlockMessage message = segment.Read(at);
                Handed handed = new(segment, at, at + SpoolRecord.LengthOf(message), TotalsOf(message));
                _handed.Enqueue(handed);
                Advance(segment, handed.End);
                if (!_done.Remove((segment, at)))
                {
                    return (_firstHanded + _handed.Count - 1, message);
                }

                handed.IsAcknowledged = true;
                Forget();
            }

            return null;
        }
    }

    /// <summary>A message has arrived and may be forgotten.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>What it was; null if it was acknowledged before, or is to be handed out again.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public MessageTotals? Acknowledge(long number)
    {
        lock (_lock)
        {
            long place = number - _firstHanded;
            if (place < 0 || place >= _handed.Count || _handed.ElementAt((int)place) is not { IsAcknowledged: false } handed)
            {
                return null;
            }

            handed.IsAcknowledged = true;
            Waiting -= handed.Totals;
            Forget();
            Monitor.PulseAll(_lock);
            return handed.Totals;
        }
    }

    /// <summary>What was handed out and is not acknowledged is handed out again, under new numbers.</summary>
    public void Rewind()
    {
        lock (_lock)
        {
            if (_handed.TryPeek(out Handed? oldest))
            {
                _next = (oldest.Segment, oldest.At);
                _firstHanded += _handed.Count;
                _done.UnionWith(_handed.Where(handed => handed.IsAcknowledged).Select(handed => (handed.Segment, handed.At)));
                _handed.Clear();
            }
        }
    }

    /// <summary>Waits until no message is left, as long as there is hope.</summary>
    /// <returns>Whether none is left.</returns>
    public bool AwaitEmpty(TimeSpan patience, TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        lock (_lock)
        {
            while (Waiting.Messages > 0 && patience - clock.GetElapsedTime(start) is { Ticks: > 0 } rest)
            {
                Monitor.Wait(_lock, rest);
            }

            return Waiting.Messages == 0;
        }
    }

    /// <summary>Waits until a message comes or goes, but not for long.</summary>
    public void AwaitChange(TimeSpan patience)
    {
        lock (_lock)
        {
            Monitor.Wait(_lock, patience);
        }
    }

    /// <summary>Nobody waits for a message any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until the messages survive a power cut.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Sync()
    {
        // fsync(2) may take seconds, in which nobody is to wait for the lock.
        SpoolSegment[] segments;
        lock (_lock)
        {
            segments = [.. _segments];
        }

        foreach (SpoolSegment segment in segments)
        {
            try
            {
                segment.Sync();
            }
            catch (ObjectDisposedException)
            {
                // All of it was acknowledged meanwhile.
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>What waits stays for the next run, where it is on a disk.</remarks>
    public void Dispose()
    {
        lock (_lock)
        {
            _next = default;
            foreach (SpoolSegment segment in _segments)
            {
                if (segment.From == segment.Length)
                {
                    TryDelete(segment);
                }

                segment.Dispose();
            }

            _segments.Clear();
        }
    }

    private static MessageTotals TotalsOf(BlockMessage message) => new(1, message.Rows, message.Length);

    private bool HasNext(int maxHanded) => _next.Segment != null && _handed.Count < maxHanded;

    private void Advance(SpoolSegment segment, long end)
    {
        int following = _segments.IndexOf(segment) + 1;
        _next = end < segment.Length ? (segment, end)
            : following < _segments.Count ? (_segments[following], _segments[following].From)
            : (null, 0);
    }

    /// <summary>Forgets the oldest messages that are acknowledged, and segments that have no others.</summary>
    private void Forget()
    {
        while (_handed.TryPeek(out Handed? oldest) && oldest.IsAcknowledged)
        {
            _handed.Dequeue();
            _firstHanded++;
            SpoolSegment segment = oldest.Segment;
            segment.Acknowledge(oldest.End);
            if (oldest.End == segment.Length && (segment != _segments[^1] || segment.Length > _segmentBytes / 2))
            {
                _segments.Remove(segment);
                TryDelete(segment);
                segment.Dispose();
            }
        }
    }
}
