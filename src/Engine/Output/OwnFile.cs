using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>
/// Files that are this process's own: created by it, or left by an earlier run of the same user, and locked as long as they are open
/// (flock(2)). Others may write in the folder; whatever they put under a name, a symbolic link first of all, is never written to.
/// </summary>
internal static class OwnFile
{
    private const int MaxTries = 100;

    // EEXIST
    private const int IsThere = 17;

    private static int TooManyLinks => OperatingSystem.IsLinux() ? 40 : 62;

    /// <summary>
    /// Creates a file and locks it; null if the name is taken, be it by a link that leads nowhere. Between the two steps another run may
    /// take the file for one that was left behind and delete it: then it is created again.
    /// </summary>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static SafeFileHandle? TryCreate(string path)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            SafeFileHandle file;
            try
            {
                file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Path.Exists(path))
            {
                return null;
            }
            catch (IOException e) when (e.HResult == IsThere || e.HResult == Descriptors.TryAgain)
            {
                // It was there, or another run looked at it before it was locked and found that it has no rows: it is gone now.
                continue;
            }

            if (IsNamed(file, path))
            {
                return file;
            }

            file.Dispose();
        }

        throw new IOException("whatever is created there is deleted at once");
    }

    /// <summary>Opens and locks a file that is there.</summary>
    /// <returns>The file, open to be read and written; null if it is gone meanwhile.</returns>
    /// <exception cref="IOException">The system refuses, another run writes to it, or it is not this user's own.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }

        SafeFileHandle file;
        try
        {
            file = Descriptors.OpenUnlinked(path);
        }
        catch (IOException e) when (e.HResult == Descriptors.NotThere)
        {
            return null;
        }
        catch (IOException e) when (e.HResult == TooManyLinks)
        {
            throw new IOException("it is a symbolic link; delete it", e);
        }

        try
        {
            if (FileIdentity.Of(file) is not { Kind: FileKind.Regular } identity)
            {
                throw new IOException("it is no regular file; delete it");
            }

            if (identity.Owner != FileIdentity.User)
            {
                throw new IOException("it belongs to another user; delete it");
            }

            if (!Descriptors.TryLock(file))
            {
                throw new IOException("another run writes to it");
            }

            // As of now, since who had the lock before may have renamed or deleted it.
            if (!IsNamed(file, path))
            {
                file.Dispose();
                return null;
            }

            return FileIdentity.Of(file)!.Value.Links == 1 ? file : throw new IOException("it has another name (a hard link); delete it");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a name still leads to this open file, so that nobody renamed, deleted or replaced it. Where open files can not be (Windows),
    /// it does; and so it does as long as the system does not say that it does not: what is done next would fail.
    /// </summary>
    public static bool IsNamed(SafeFileHandle file, string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                || (FileIdentity.OfName(path) is { } named && FileIdentity.Of(file) is { } open && named.Device == open.Device
                    && named.Number == open.Number);
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Whether anything has a name, be it a link that leads nowhere.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static bool IsTaken(string path) => OperatingSystem.IsWindows() ? Path.Exists(path) : FileIdentity.OfName(path) != null;
}
