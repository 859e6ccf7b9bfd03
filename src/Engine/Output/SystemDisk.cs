using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>The disks of the system.</summary>
internal sealed class SystemDisk : IDisk
{
    private SystemDisk()
    {
    }

    /// <summary>The one there is.</summary>
    public static SystemDisk Instance { get; } = new();

    /// <inheritdoc/>
    public IDiskFile? TryCreate(string path) => OwnFile.TryCreate(path) is { } handle ? new OpenFile(handle) : null;

    /// <inheritdoc/>
    public IDiskFile? TryOpen(string path) => OwnFile.TryOpen(path) is { } handle ? new OpenFile(handle) : null;

    /// <inheritdoc/>
    public bool Exists(string path) => OwnFile.IsTaken(path);

    /// <inheritdoc/>
    public bool HasFolder(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public IEnumerable<string> FilesOf(string folder, string suffix) => Directory.EnumerateFiles(folder, "*" + suffix);

    /// <inheritdoc/>
    public void Rename(string from, string to, bool overwrite)
    {
        if (OperatingSystem.IsLinux() && !overwrite)
        {
            Descriptors.RenameToFree(from, to);
        }
        else if (OperatingSystem.IsLinux())
        {
            Descriptors.Rename(from, to);
        }
        else
        {
            File.Move(from, to, overwrite);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void SyncFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Descriptors.SyncFolder(path);
        }
    }

    private sealed class OpenFile(SafeFileHandle handle) : IDiskFile
    {
        public bool IsClosed => handle.IsClosed;

        public long Length => RandomAccess.GetLength(handle);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public int Read(Span<byte> buffer, long at) => RandomAccess.Read(handle, buffer, at);

        public void Write(ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(handle, bytes, at);

        public void Sync() => Descriptors.Sync(handle);

        public bool IsNamed(string path) => OwnFile.IsNamed(handle, path);

        public void TakeModeOf(string path)
        {
            if (!OperatingSystem.IsWindows() && OwnFile.IsTaken(path))
            {
                File.SetUnixFileMode(handle, File.GetUnixFileMode(path));
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
