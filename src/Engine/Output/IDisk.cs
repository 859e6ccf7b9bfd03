namespace FlowMeter.Engine.Output;

/// <summary>
/// Where output files are: the system's disks (<see cref="SystemDisk"/>), or a simulator's. Every member throws
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where the disk refuses.
/// </summary>
internal interface IDisk
{
    /// <summary>Creates a file and locks it; null if the name is taken, be it by a link that leads nowhere.</summary>
    IDiskFile? TryCreate(string path);

    /// <summary>Opens and locks a file of this user's own that nobody writes to; null if it is gone meanwhile.</summary>
    IDiskFile? TryOpen(string path);

    /// <summary>Whether something has this name.</summary>
    bool Exists(string path);

    /// <summary>Whether there is a folder of this name.</summary>
    bool HasFolder(string path);

    /// <summary>The paths of all files in a folder whose names end so.</summary>
    IEnumerable<string> FilesOf(string folder, string suffix);

    /// <summary>Gives a file another name in its folder.</summary>
    void Rename(string from, string to, bool overwrite);

    /// <summary>Removes a name.</summary>
    void Delete(string path);

    /// <summary>Waits until the names in a folder survive a power cut.</summary>
    void SyncFolder(string path);
}
