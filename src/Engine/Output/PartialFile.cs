using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A file of rows under its partial name, until it gets its own. It is locked as long as it is open (flock(2)), so that whoever finds a partial file knows whether its writer lives.
/// The file always ends with a whole row, except while a write is under way.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    /// <summary>What stands behind a name until its file is whole.</summary>
    public const string Suffix = ".partial";

    private readonly SafeFileHandle _handle;
    private bool _isOnDisk;

    private readonly RowFraming _framing;

    private PartialFile(string path, SafeFileHandle handle, RowFraming framing)
    {
        _framing = framing;
        Path = path;
        _handle = handle;
    }

    /// <summary>The name the file will have, unless somebody takes it before.</summary>
    public string Path { get; }

    /// <summary>The name it has until then.</summary>
    public string PartialPath => Path + Suffix;

    /// <summary>Bytes written, header included.</summary>
    public long Length { get; private set; }

    /// <summary>Rows written, the header not among them.</summary>
    public long Rows { get; private set; }

    /// <summary>Creates the file; null if the name is taken, whole or partial.</summary>
    public static PartialFile? TryCreate(string path, RowFraming framing)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path + Suffix, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (System.IO.Path.Exists(path + Suffix))
        {
            return null;
        }

        // Only now: the other way round a file could get this very name between the two looks.
        PartialFile file = new(path, handle, framing);
        if (System.IO.Path.Exists(path))
        {
            file.Discard();
            return null;
        }

        return file;
    }

    /// <summary>Takes over what an earlier run left, cut behind its last whole row; null if it is being written by somebody or there are no rows in it, in which case it is deleted.</summary>
    public static PartialFile? TryTakeOver(string partialPath, RowFraming framing)
    {
        SafeFileHandle handle = File.OpenHandle(partialPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
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

    /// <summary>Appends rows. If that fails, those that are whole on the disk stay, and the torn one is cut off.</summary>
    public void Append(ReadOnlySpan<byte> rows)
    {
        try
        {
            RandomAccess.Write(_handle, rows, Length);
            Count(rows);
        }
        catch (IOException)
        {
            KeepWholeOf(rows);
            throw;
        }
    }

    /// <summary>
    /// Gives the file its name, or the next free number of it. What has its name survives a power cut: its bytes are on the disk before (fsync), its name after. Both may take
    /// seconds, so this is for a thread that nobody waits for.
    /// </summary>
    /// <returns>The name that the file has now.</returns>
    public string Finish()
    {
        if (!_isOnDisk)
        {
            RandomAccess.FlushToDisk(_handle);
            _isOnDisk = true;
        }

        for (int number = 0; ; number++)
        {
            string path = FileNamePattern.Numbered(Path, number);
            if (System.IO.Path.Exists(path) || (number > 0 && System.IO.Path.Exists(path + Suffix)))
            {
                continue;
            }

            File.Move(PartialPath, path, overwrite: false);
            if (!OperatingSystem.IsWindows())
            {
                Descriptors.SyncFolder(System.IO.Path.GetDirectoryName(path)!);
            }

            return path;
        }
    }

    /// <summary>Gives the file up. Where this user may not delete it, it stays under its partial name.</summary>
    public void Discard()
    {
        _handle.Dispose();
        try
        {
            File.Delete(PartialPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has no rows: what stays behind is a file that the next start takes away.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void Count(ReadOnlySpan<byte> rows)
    {
        Length += rows.Length;
        Rows += _framing.Whole(rows).Rows;
    }

    private void KeepWholeOf(ReadOnlySpan<byte> rows)
    {
        try
        {
            long written = Math.Clamp(RandomAccess.GetLength(_handle) - Length, 0, rows.Length);
            Count(rows[.._framing.Whole(rows[..(int)written]).End]);
            RandomAccess.SetLength(_handle, Length);
        }
        catch (IOException)
        {
            // The disk refuses this, too; the failure that is told is the first, and the next write goes over the torn row.
        }
    }
}
