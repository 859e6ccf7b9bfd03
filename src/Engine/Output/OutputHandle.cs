using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>
/// An open output, to whose end bytes are appended: a file under its partial name (<see cref="PartialFile"/>), or a pipe, a device or a
/// descriptor as it stands (<see cref="StreamHandle"/>). Whatever FlowMeter writes goes through one of the two. They throw at every
/// failure; what a failure means for the run is decided above, by <see cref="OutputFile"/> and <see cref="ResilientOutput"/>. For one
/// thread at a time.
/// </summary>
internal abstract class OutputHandle : IDisposable
{
    /// <summary>Bytes written.</summary>
    public long Length { get; protected set; }

    /// <summary>
    /// The file in which the bytes are until <see cref="Finish"/>; null for what is no file, and for a file that has its name.
    /// </summary>
    public virtual string? Partial => null;

    /// <summary>Opens what a path leads to; opening a pipe waits for its reader.</summary>
    /// <exception cref="OutputException">The path is a folder, or there is no folder for the file.</exception>
    /// <exception cref="IOException">The system refuses, or another run writes to the file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static OutputHandle Open(string path)
    {
        if (OutputPath.IsStream(path))
        {
            return StreamHandle.Open(path, waits: true);
        }

        if (FileIdentity.OfName(path) is { Kind: not FileKind.Regular, Owner: not 0 } link && link.Owner != FileIdentity.User
            && new FileInfo(path).LinkTarget != null)
        {
            // Where others may write in the folder, they would choose which file is replaced.
            throw new OutputException($"{path}: is a symbolic link of another user; name the file it leads to.");
        }

        string file = OutputPath.FollowLinks(path);
        OutputPath.RequireFolder(path, Path.GetDirectoryName(Path.GetFullPath(file))!, "flows.csv");
        if (FileIdentity.OfName(file) is { Kind: not FileKind.Regular })
        {
            // A link whose end the system did not tell, or a pipe whose kind it did not: neither is to be replaced by a file.
            throw new OutputException($"{path}: the system does not say where that leads; try again, or name a file.");
        }

        return PartialFile.Create(file);
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="IOException">Not all of them could be; HResult is the system's error number.</exception>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Says that all bytes are there: a file gets its name, in place of the one that has it, and is closed.</summary>
    /// <exception cref="IOException">It can not. Trying again is possible.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public abstract void Finish();

    /// <summary>Closes the output; a file that has not got its name is deleted.</summary>
    public abstract void Discard();

    /// <summary>Closes the output; a file that has not got its name stays under its partial name.</summary>
    public abstract void Dispose();
}
