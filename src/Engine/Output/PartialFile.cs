using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A file under its partial name, until it gets its own. It is locked as long as it is open (flock(2)), so that no two runs write to one
/// file, and the next run can tell whether its writer lives. Except while a write is under way the file ends with something whole: by its
/// framing with a row, otherwise with what was appended last.
/// </summary>
internal sealed partial class PartialFile : OutputHandle
{
    /// <summary>What stands behind a name until its file is whole.</summary>
    public const string Suffix = ".partial";

    private const int MaxTries = 100;

    private readonly IDisk _disk;
    private readonly IDiskFile _file;
    private readonly RowFraming? _framing;
    private readonly FileTrailer? _trailer;
    private string? _name;
    private bool _isTorn;

    private PartialFile(IDisk disk, string path, IDiskFile file, RowFraming? framing)
    {
        (_disk, _file, _framing) = (disk, file, framing);
        _trailer = framing?.CreateTrailer();
        Path = path;
    }

    /// <summary>The name the file will have, unless it is to be new and somebody takes the name before.</summary>
    public string Path { get; }

    /// <summary>The name it has until then.</summary>
    public string PartialPath => Path + Suffix;

    /// <inheritdoc/>
    public override string? Partial => _name == null ? PartialPath : null;

    /// <summary>
    /// Whether somebody deleted, renamed or replaced it, so that what is written to it is lost. Known for sure only when it has its name.
    /// </summary>
    public bool IsTakenAway => _name == null && !_file.IsClosed && !_file.IsNamed(PartialPath);

    /// <summary>Rows written, the header not among them; 0 without a framing.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// Creates the file that is to replace another or to be the first of its name, in place of what a dead run left under the partial name.
    /// </summary>
    /// <exception cref="IOException">The system refuses, another run writes to it, or somebody put something else there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static PartialFile Create(string path)
    {
        SystemDisk disk = SystemDisk.Instance;
        string partial = path + Suffix;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (disk.TryCreate(partial) is { } created)
            {
                return new PartialFile(disk, path, created, framing: null);
            }

            if (OpenLeft(disk, partial) is { } left)
            {
                left.SetLength(0);
                return new PartialFile(disk, path, left, framing: null);
            }
        }

        throw new IOException($"{partial}: comes and goes; see which program does that");
    }

    /// <summary>Creates the file if its name is free; null if it is taken, whole or partial.</summary>
    public static PartialFile? TryCreate(IDisk disk, string path, RowFraming framing)
    {
        if (disk.TryCreate(path + Suffix) is not { } created)
        {
            return null;
        }

        // Only now: the other way round a file could get this very name between the two looks.
        PartialFile file = new(disk, path, created, framing);
        bool isFree = false;
        try
        {
            isFree = !disk.Exists(path);
            return isFree ? file : null;
        }
        finally
        {
            if (!isFree)
            {
                file.Discard();
            }
        }
    }

    /// <summary>
    /// Takes over what an earlier run left, cut behind its last whole row; null if it has no rows, in which case it is deleted, or if it is
    /// gone meanwhile.
    /// </summary>
    /// <exception cref="IOException">The system refuses, another run writes to it, or it is not this user's own.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static PartialFile? TryTakeOver(IDisk disk, string partialPath, RowFraming framing)
    {
        if (disk.TryOpen(partialPath) is not { } left)
        {
            return null;
        }

        PartialFile file = new(disk, partialPath[..^Suffix.Length], left, framing);
        (long rows, long end) = framing.Find(left, file._trailer);
        if (rows == 0)
        {
            file.Discard();
            return null;
        }

        left.SetLength(end);
        (file.Length, file.Rows) = (end, rows);
        return file;
    }

    /// <summary>Appends the header.</summary>
    public void Begin(ReadOnlySpan<byte> header)
    {
        _file.Write(header, Length);
        Length += header.Length;
        _trailer?.Add(header);
    }

    /// <inheritdoc/>
    /// <remarks>If that fails, the rows that are whole on the disk stay; what is torn is cut off, and so is everything where there is no
    /// framing.</remarks>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        CutTorn();
        try
        {
            _file.Write(bytes, Length);
            Count(bytes);
        }
        catch (IOException)
        {
            KeepWholeOf(bytes);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The old file's mode is kept. What has its name survives a power cut, see <see cref="FinishAsNew"/>.</remarks>
    public override void Finish()
    {
        Sync();
        if (_name == null)
        {
            // Who may read the file that is replaced is who may read the new one.
            _file.TakeModeOf(Path);
            Rename(Path, overwrite: true);
        }

        SyncName();
    }

    /// <summary>
    /// Gives the file its name, or the next free number of it, and closes it. What has its name survives a power cut: its bytes are on the
    /// disk before (fsync), its name after. Both may take seconds, so where packets do not wait this is for a thread that nobody waits for.
    /// </summary>
    /// <returns>The name that the file has now.</returns>
    /// <exception cref="IOException">It can not get one. Trying again is possible.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public string FinishAsNew()
    {
        if (IsTakenAway)
        {
            throw TakenAway();
        }

        Sync();
        for (int number = 0; _name == null; number++)
        {
            string path = FileNamePattern.Numbered(Path, number);
            if (!_disk.Exists(path) && (number == 0 || !_disk.Exists(path + Suffix)))
            {
                Rename(path, overwrite: false);
            }
        }

        SyncName();
        return _name;
    }

    /// <inheritdoc/>
    /// <remarks>Where this user may not delete the file, it stays under its partial name.</remarks>
    public override void Discard()
    {
        if (_file.IsClosed)
        {
            // The partial name may be another run's by now.
            return;
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                // No open file is deleted there. Elsewhere it stays locked until it is gone, so that no other run takes it over.
                _file.Dispose();
            }

            if (_name == null && !IsTakenAway)
            {
                _disk.Delete(PartialPath);
            }
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            // It has no rows: what stays behind is a file that the next start takes away.
        }

        _file.Dispose();
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private FileNotFoundException TakenAway() => new($"somebody took {PartialPath} away");

    /// <summary>What a dead run left; null if it is gone meanwhile.</summary>
    private static IDiskFile? OpenLeft(SystemDisk disk, string partialPath)
    {
        try
        {
            return disk.TryOpen(partialPath);
        }
        catch (IOException) when (!disk.Exists(partialPath))
        {
            return null;
        }
        catch (IOException e)
        {
            throw new IOException($"{partialPath}: {FailureReason.Of(e)}", e);
        }
    }

    private void Count(ReadOnlySpan<byte> rows)
    {
        Length += rows.Length;
        Rows += _framing?.Whole(rows).Rows ?? 0;
        _trailer?.Add(rows);
    }

    private void KeepWholeOf(ReadOnlySpan<byte> rows)
    {
        try
        {
            long written = Math.Clamp(_file.Length - Length, 0, rows.Length);
            Count(rows[..(_framing?.Whole(rows[..(int)written]).End ?? 0)]);
            _file.SetLength(Length);
        }
        catch (IOException)
        {
            // The disk refuses this, too; the failure that is told is the first.
            _isTorn = true;
        }
    }

    /// <summary>Cuts off what a failed write left behind the last row, if the disk refused that when it failed.</summary>
    private void CutTorn()
    {
        if (_isTorn)
        {
            _file.SetLength(Length);
            _isTorn = false;
        }
    }
}
