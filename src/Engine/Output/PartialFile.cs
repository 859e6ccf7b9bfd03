using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

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

    private readonly SafeFileHandle _handle;
    private readonly RowFraming? _framing;
    private string? _name;

    private PartialFile(string path, SafeFileHandle handle, RowFraming? framing)
    {
        _framing = framing;
        Path = path;
        _handle = handle;
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
    public bool IsTakenAway => _name == null && !_handle.IsClosed && !OwnFile.IsNamed(_handle, PartialPath);

    /// <summary>Rows written, the header not among them; 0 without a framing.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// Creates the file that is to replace another or to be the first of its name, in place of what a dead run left under the partial name.
    /// </summary>
    /// <exception cref="IOException">The system refuses, another run writes to it, or somebody put something else there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static PartialFile Create(string path)
    {
        string partial = path + Suffix;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (OwnFile.TryCreate(partial) is { } created)
            {
                return new PartialFile(path, created, framing: null);
            }

            if (OpenLeft(partial) is { } left)
            {
                RandomAccess.SetLength(left, 0);
                return new PartialFile(path, left, framing: null);
            }
        }

        throw new IOException($"{partial}: comes and goes; see which program does that");
    }

    /// <summary>Creates the file if its name is free; null if it is taken, whole or partial.</summary>
    public static PartialFile? TryCreate(string path, RowFraming framing)
    {
        if (OwnFile.TryCreate(path + Suffix) is not { } handle)
        {
            return null;
        }

        // Only now: the other way round a file could get this very name between the two looks.
        PartialFile file = new(path, handle, framing);
        bool isFree = false;
        try
        {
            isFree = !OwnFile.IsTaken(path);
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
    public static PartialFile? TryTakeOver(string partialPath, RowFraming framing)
    {
        if (OwnFile.TryOpen(partialPath) is not { } handle)
        {
            return null;
        }

        PartialFile file = new(partialPath[..^Suffix.Length], handle, framing);
        (long rows, long end) = framing.Find(handle);
        if (rows == 0)
        {
            file.Discard();
            return null;
        }

        RandomAccess.SetLength(handle, end);
        file.Length = end;
        file.Rows = rows;
        return file;
    }

    /// <summary>Appends the header.</summary>
    public void Begin(ReadOnlySpan<byte> header)
    {
        RandomAccess.Write(_handle, header, Length);
        Length += header.Length;
    }

    /// <inheritdoc/>
    /// <remarks>If that fails, the rows that are whole on the disk stay; what is torn is cut off, and so is everything where there is no
    /// framing.</remarks>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, Length);
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
            if (!OperatingSystem.IsWindows() && OwnFile.IsTaken(Path))
            {
                File.SetUnixFileMode(_handle, File.GetUnixFileMode(Path));
            }

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
        Sync();
        for (int number = 0; _name == null; number++)
        {
            string path = FileNamePattern.Numbered(Path, number);
            if (!OwnFile.IsTaken(path) && (number == 0 || !OwnFile.IsTaken(path + Suffix)))
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
        if (_handle.IsClosed)
        {
            // The partial name may be another run's by now.
            return;
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                // No open file is deleted there. Elsewhere it stays locked until it is gone, so that no other run takes it over.
                _handle.Dispose();
            }

            if (_name == null && !IsTakenAway)
            {
                File.Delete(PartialPath);
            }
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            // It has no rows: what stays behind is a file that the next start takes away.
        }

        _handle.Dispose();
    }

    /// <inheritdoc/>
    public override void Dispose() => _handle.Dispose();

    /// <summary>What a dead run left; null if it is gone meanwhile.</summary>
    private static SafeFileHandle? OpenLeft(string partialPath)
    {
        try
        {
            return OwnFile.TryOpen(partialPath);
        }
        catch (IOException) when (!System.IO.Path.Exists(partialPath))
        {
            return null;
        }
        catch (IOException e)
        {
            throw new IOException($"{partialPath}: {e.Message.TrimEnd('.')}", e);
        }
    }

    private void Rename(string path, bool overwrite)
    {
        if (IsTakenAway)
        {
            throw new FileNotFoundException($"somebody took {PartialPath} away");
        }

        if (OperatingSystem.IsWindows())
        {
            // No open file is renamed there. Elsewhere it stays locked until it has its name.
            _handle.Dispose();
            File.Move(PartialPath, path, overwrite);
        }
        else
        {
            Descriptors.Rename(PartialPath, path);
        }

        _name = path;
    }

    private void Count(ReadOnlySpan<byte> rows)
    {
        Length += rows.Length;
        Rows += _framing?.Whole(rows).Rows ?? 0;
    }

    private void KeepWholeOf(ReadOnlySpan<byte> rows)
    {
        try
        {
            long written = Math.Clamp(RandomAccess.GetLength(_handle) - Length, 0, rows.Length);
            Count(rows[..(_framing?.Whole(rows[..(int)written]).End ?? 0)]);
            RandomAccess.SetLength(_handle, Length);
        }
        catch (IOException)
        {
            // The disk refuses this, too; the failure that is told is the first, and the next write goes over the torn row.
        }
    }
}
