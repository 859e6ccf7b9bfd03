using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Simulation;

/// <summary>
/// A folder in memory that fails as it is told to. A file that gets its final name must be on the disk by then, and hold whole rows behind
/// one header.
/// </summary>
internal sealed class SimulatedDisk(Random random) : IDisk
{
    public const string Folder = "/sim";

    // ENOSPC, EIO, EACCES
    private const int NoSpace = 28;
    private const int Faulty = 5;
    private const int NotAllowed = 13;

    private readonly Dictionary<string, SimulatedFile> _files = [];

    public DiskFault Fault { get; set; }

    /// <summary>Bytes that fit while the disk is full.</summary>
    public long Room { get; set; }

    public string? Violation { get; private set; }

    public Random Random => random;

    /// <summary>All files by name.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Files => _files.Select(file => (Path.GetFileName(file.Key), file.Value.Bytes));

    /// <summary>Somebody deletes a file that is being written; nothing if there is none.</summary>
    public bool TakePartial()
    {
        string? partial = _files.Keys.FirstOrDefault(path => path.EndsWith(PartialFile.Suffix, StringComparison.Ordinal));
        return partial != null && _files.Remove(partial);
    }

    /// <summary>The process was killed: nobody has a file open any more.</summary>
    public void Abandon()
    {
        foreach (SimulatedFile file in _files.Values)
        {
            file.IsLocked = false;
        }
    }

    public IDiskFile? TryCreate(string path)
    {
        Refuse(DiskFault.Faulty, DiskFault.NotAllowed);
        return _files.ContainsKey(path) ? null : new SimulatedFile.Handle(this, _files[path] = new SimulatedFile());
    }

    public IDiskFile? TryOpen(string path)
    {
        Refuse(DiskFault.Faulty);
        return !_files.TryGetValue(path, out SimulatedFile? file) ? null
            : file.IsLocked ? throw new IOException("another run writes to it")
            : new SimulatedFile.Handle(this, file);
    }

    public bool Exists(string path) => _files.ContainsKey(path);

    public bool HasFolder(string path) => path == Folder;

    public IEnumerable<string> FilesOf(string folder, string suffix) =>
        [.. _files.Keys.Where(path => path.EndsWith(suffix, StringComparison.Ordinal))];

    public void Rename(string from, string to, bool overwrite)
    {
        Refuse(DiskFault.Faulty, DiskFault.NotAllowed);
        if (!_files.Remove(from, out SimulatedFile? file))
        {
            throw new FileNotFoundException("no such file");
        }

        Require(!_files.ContainsKey(to), $"{to} was replaced");
        Require(file.IsOnDisk, $"{to} got its name before its bytes were on the disk");
        Require(IsTable(file.Bytes), $"{to} got its name and is no table of whole rows");
        _files[to] = file;
    }

    public void Delete(string path)
    {
        Refuse(DiskFault.Faulty, DiskFault.NotAllowed);
        _files.Remove(path);
    }

    public void SyncFolder(string path) => Refuse(DiskFault.Faulty);

    public bool IsNamed(SimulatedFile file, string path) => _files.TryGetValue(path, out SimulatedFile? named) && named == file;

    public void Require(bool holds, string otherwise) => Violation ??= holds ? null : otherwise;

    /// <summary>Fails if the disk has one of these faults.</summary>
    public void Refuse(params ReadOnlySpan<DiskFault> faults)
    {
        if (faults.Contains(Fault))
        {
            throw Fault == DiskFault.NotAllowed
                ? new UnauthorizedAccessException("Permission denied") { HResult = NotAllowed }
                : Failure();
        }
    }

    /// <summary>How many bytes of a write the disk takes before it fails; all where it does not.</summary>
    public int Taken(int length)
    {
        int taken = Fault switch
        {
            DiskFault.Full => (int)Math.Min(length, Room),
            DiskFault.Faulty => random.Next(length + 1),
            _ => length,
        };
        Room -= taken;
        return taken;
    }

    public IOException Failure() => Fault == DiskFault.Full
        ? new IOException("No space left on device", NoSpace)
        : new IOException("Input/output error", Faulty);

    private static bool IsTable(byte[] bytes)
    {
        string[] lines = System.Text.Encoding.UTF8.GetString(bytes).Split('\n');
        int columns = lines[0].Split(',').Length;
        return columns > 10 && lines[^1].Length == 0 && lines[1..^1].All(line => line.Split(',').Length == columns && line != lines[0]);
    }
}
