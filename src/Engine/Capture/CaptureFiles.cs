namespace FlowMeter.Engine.Capture;

/// <summary>
/// Several captures one after the other as one observation: flows cross the borders between files. Each is opened when its turn comes. One
/// that is empty, cut off or damaged gives what can be read of it, and the next one follows; its <see cref="CaptureFile.Failure"/> says
/// what is wrong.
/// </summary>
/// <param name="paths">What was typed.</param>
/// <param name="open">Opens one of them.</param>
/// <param name="tell">
/// Told when a file fails, and when one begins before the one before it ended (with the time between, in ns); null: disabled.
/// </param>
public sealed class CaptureFiles(
    IEnumerable<string> paths, Func<string, SavefileSource> open, Action<CaptureFile, CaptureFile?, long>? tell = null)
    : IPacketSource
{
    private CaptureFile[] _files = [.. paths.Select(path => new CaptureFile(path))];
    private SavefileSource? _current;
    private CaptureFile? _before;
    private int _next;

    /// <summary>The captures, in the order in which they are read.</summary>
    public IReadOnlyList<CaptureFile> Files => _files;

    /// <summary>Those that were not read to their end.</summary>
    public IEnumerable<CaptureFile> Failed => _files.Where(file => file.Failure != null);

    /// <summary>What all of them say was lost before they were written.</summary>
    public StatedDrops Drops => _files.Aggregate(StatedDrops.None, (sum, file) => sum.Plus(file.Drops));

    /// <summary>
    /// Throws a <see cref="CaptureException"/> where a batch can not be used, and with it the rest of its file; null for nothing.
    /// </summary>
    public Action<PacketBatch>? Admit { get; set; }

    /// <summary>
    /// Looks at the headers of all files, and at their first packets where there are several, before anything is metered. Pipes wait for
    /// their turn, but the first input is opened.
    /// </summary>
    /// <param name="isSorted">Whether to read the files in the order of their first packets.</param>
    /// <exception cref="CaptureException">A file is not there or is no capture, or not one of them can be read.</exception>
    public void Look(bool isSorted)
    {
        if (_files.Length > 1)
        {
            using PacketBatch batch = new();
            foreach (CaptureFile file in _files.Where(file => !Savefile.IsStream(file.Path)))
            {
                Look(file, batch);
            }
        }

        if (isSorted)
        {
            _files = [.. _files.OrderBy(file => file.FirstTime ?? long.MaxValue)];
        }

        if (!OpenNext())
        {
            throw _files.Length == 1 ? _files[0].Failure! : new CaptureException($"none of the {_files.Length} files can be read.");
        }
    }

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        while (OpenNext())
        {
            try
            {
                if (_current!.TryFill(batch))
                {
                    Count(batch);
                    return true;
                }

                Close(null);
            }
            catch (CaptureException e)
            {
                batch.Records?.End();
                Close(e);
            }
        }

        batch.Clear(batch.LinkType);
        return false;
    }

    /// <inheritdoc/>
    public bool TryReserve(PacketBatch batch) => _current?.TryReserve(batch) == true;

    /// <inheritdoc/>
    public bool TryTake(PacketBatch batch)
    {
        batch.Clear(batch.LinkType);
        try
        {
            if (_current?.TryTake(batch) != true)
            {
                return false;
            }

            Count(batch);
            return true;
        }
        catch (CaptureException e)
        {
            batch.Records?.End();
            batch.Clear(batch.LinkType);
            Close(e);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Keep() => _current?.Keep();

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();

    /// <summary>Takes note of what a file says of itself that is not read to its end, since the run was told to stop.</summary>
    public void Stop()
    {
        if (_current != null)
        {
            _files[_next - 1].Drops = _current.Drops;
        }
    }

    private void Look(CaptureFile file, PacketBatch batch)
    {
        try
        {
            using SavefileSource source = open(file.Path);
            try
            {
                while (batch.Count == 0 && source.TryFill(batch))
                {
                }

                file.FirstTime = batch.Count > 0 ? batch.TimeOf(0) : null;
            }
            catch (CaptureException)
            {
                // The run finds it again when it is the file's turn.
            }
        }
        catch (CaptureException e) when (e.Fault != CaptureFault.Refused)
        {
            Fail(file, e);
        }

        batch.Clear(batch.LinkType);
    }

    private void Count(PacketBatch batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        Admit?.Invoke(batch);
        CaptureFile file = _files[_next - 1];
        if (file.Frames == 0)
        {
            file.FirstTime = batch.TimeOf(0);
            if (_before is { LastTime: { } ended } && file.FirstTime < ended)
            {
                tell?.Invoke(file, _before, ended - file.FirstTime.Value);
            }

            _before = file;
        }

        file.Frames += batch.Count;
        file.LastTime = batch.TimeOf(batch.Count - 1);
    }

    private bool OpenNext()
    {
        while (_current == null && _next < _files.Length)
        {
            CaptureFile file = _files[_next++];
            if (file.Failure == null)
            {
                try
                {
                    _current = open(file.Path);
                }
                catch (CaptureException e)
                {
                    Fail(file, e);
                }
            }
        }

        return _current != null;
    }

    private void Close(CaptureException? failure)
    {
        CaptureFile file = _files[_next - 1];
        SavefileSource ended = _current!;
        file.Drops = ended.Drops;
        _current = null;
        ended.Dispose();
        if (failure != null)
        {
            Fail(file, failure);
        }
    }

    private void Fail(CaptureFile file, CaptureException failure)
    {
        file.Failure = failure;
        tell?.Invoke(file, null, 0);
    }
}
