namespace FlowMeter.Engine.Output;

/// <summary>
/// Files of tables that come from elsewhere, rotated, with a journal that says how far the source was when they were as they are. What is
/// written counts once it is committed: then it survives a kill and a power cut. What a killed run left is cut to its last commit, so the
/// source gives the rest again and no row is there twice. A failure makes the whole of no use; whoever opens it again goes on from the
/// last commit.
/// </summary>
internal sealed class CollectedFiles : IDisposable
{
    private readonly IDisk _disk;
    private readonly FileNamePattern _pattern;
    private readonly Rotation _rotation;
    private readonly RowFraming _framing;
    private readonly TimeProvider _clock;
    private readonly CollectionJournal _journal;
    private readonly Dictionary<string, (PartialFile File, DateTimeOffset Opened)> _open = [];
    private readonly List<PartialFile> _ended = [];
    private CollectionState _committed;

    /// <summary>Opens the files, and finishes what an earlier run left.</summary>
    /// <param name="disk">Where they are.</param>
    /// <param name="path">Their path, whose name may have the time.</param>
    /// <param name="rotation">When to begin the next file.</param>
    /// <param name="framing">How rows are told apart.</param>
    /// <param name="clock">The time that names and rotations go by.</param>
    /// <exception cref="IOException">The system refuses, or another run collects here.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be used.</exception>
    public CollectedFiles(IDisk disk, string path, Rotation rotation, RowFraming framing, TimeProvider clock)
    {
        (_disk, _pattern, _rotation, _framing, _clock) = (disk, new FileNamePattern(path), rotation, framing, clock);
        _journal = CollectionJournal.Open(disk, path + ".journal");
        try
        {
            _committed = CollectionState.Parse(_journal.Text);
            foreach ((string partial, long length) in _committed.Files)
            {
                FinishLeft(partial, length);
            }

            _committed = _committed with { Files = [] };
            _journal.Write(_committed.ToBytes());
        }
        catch
        {
            _journal.Dispose();
            throw;
        }
    }

    /// <summary>What was said of the source at the last commit; empty before the first.</summary>
    public byte[] Source => _committed.Source;

    /// <summary>Writes rows of a table, whose file is opened where it is not; each table has a file of its own.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be created.</exception>
    public void Write(ReadOnlySpan<byte> header, string table, ReadOnlySpan<byte> rows)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        EndIntervals(now);
        if (_open.TryGetValue(table, out (PartialFile File, DateTimeOffset Opened) file) && file.File.Rows > 0
            && file.File.Length + rows.Length > (_rotation.Bytes ?? long.MaxValue))
        {
            End(table);
        }

        if (!_open.TryGetValue(table, out file))
        {
            file = (Create(header, _rotation.IntervalOf(now) ?? now), now);
            _open[table] = file;
        }

        file.File.Append(rows);
    }

    /// <summary>Ends all files; the next rows begin others.</summary>
    public void EndAll() => _open.Keys.ToList().ForEach(End);

    /// <summary>Makes all that was written last, with what is said of the source, and gives files that ended their names.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not get its name.</exception>
    public void Commit(byte[] source)
    {
        EndIntervals(_clock.GetUtcNow());
        PartialFile[] files = [.. _ended, .. _open.Values.Select(open => open.File)];
        foreach (PartialFile file in files)
        {
            file.SyncRows();
        }

        Record(new CollectionState(source, [.. files.Select(file => (file.PartialPath, file.Length))]));
        foreach (PartialFile file in _ended)
        {
            _ = file.FinishAsNew();
            file.Dispose();
        }

        _ended.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.ForEach(file => file.Dispose());
        _open.Values.ToList().ForEach(open => open.File.Dispose());
        _journal.Dispose();
    }

    private void EndIntervals(DateTimeOffset now)
    {
        foreach (string table in _open.Where(open => _rotation.IntervalOf(now) != _rotation.IntervalOf(open.Value.Opened))
            .Select(open => open.Key).ToList())
        {
            End(table);
        }
    }

    private void End(string table)
    {
        if (_open.Remove(table, out (PartialFile File, DateTimeOffset Opened) file))
        {
            _ended.Add(file.File);
        }
    }

    private PartialFile Create(ReadOnlySpan<byte> header, DateTimeOffset opened)
    {
        string path = _pattern.PathOf(opened);
        for (int number = 0; ; number++)
        {
            string name = FileNamePattern.Numbered(path, number);
            string partial = name + PartialFile.Suffix;
            if (_disk.Exists(name) || _disk.Exists(partial))
            {
                continue;
            }

            // Said before it is there: a file that no commit knows is somebody else's, and is let alone.
            Record(_committed with { Files = [.. _committed.Files, (partial, 0)] });
            if (PartialFile.TryCreate(_disk, name, _framing) is { } file)
            {
                file.Begin(header);
                return file;
            }
        }
    }

    private void Record(CollectionState state)
    {
        _journal.Write(state.ToBytes());
        _committed = state;
    }

    private void FinishLeft(string partial, long length)
    {
        using (IDiskFile? file = _disk.TryOpen(partial))
        {
            if (file == null)
            {
                // It got its name after the commit.
                return;
            }

            if (file.Length < length)
            {
                throw new IOException($"{partial}: is shorter than it was when it was committed; take it away, and its journal");
            }

            file.SetLength(length);
        }

        using PartialFile? left = PartialFile.TryTakeOver(_disk, partial, _framing);
        _ = left?.FinishAsNew();
    }
}
