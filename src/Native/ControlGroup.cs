using System.Globalization;

namespace FlowMeter.Native;

/// <summary>
/// The memory that Linux' control groups leave to this process (cgroups(7), versions 1 and 2). The runtime finds it only where the file
/// system of the groups is mounted; <c>ip netns exec</c> hides that, so it is looked for under the roots of init and of the parent, too.
/// </summary>
public static class ControlGroup
{
    private const string Mount = "sys/fs/cgroup";

    /// <summary>The smallest limit of the process's group and those above it.</summary>
    /// <param name="root">Where the file systems are; for tests.</param>
    /// <returns>
    /// The bytes, null where there is no limit; and whether the process is in a group whose limit can not be seen.
    /// </returns>
    public static (long? Bytes, bool IsHidden) MemoryLimit(string root = "/")
    {
        if (!OperatingSystem.IsLinux() || FindGroup(root) is not (string path, bool isUnified))
        {
            return (null, false);
        }

        string[] roots = [root, Path.Combine(root, "proc/1/root"), Path.Combine(root, $"proc/{ParentOf(root)}/root")];
        string[] places = isUnified ? [Mount, $"{Mount}/unified"] : [$"{Mount}/memory"];
        string name = isUnified ? "memory.max" : "memory.limit_in_bytes";
        foreach (string mount in roots.SelectMany(from => places.Select(place => Path.Combine(from, place))))
        {
            if (File.Exists(Path.Combine(mount, "cgroup.procs")))
            {
                return (SmallestUpTo(mount, path, name), false);
            }
        }

        return (null, path != "/");
    }

    /// <summary>The group that bounds the memory: that of version 1 where its controller is, else that of version 2.</summary>
    private static (string Path, bool IsUnified)? FindGroup(string root)
    {
        string[][] groups = [.. ReadLines(Path.Combine(root, "proc/self/cgroup")).Select(line => line.Split(':', 3))
            .Where(fields => fields.Length == 3)];
        return groups.FirstOrDefault(fields => fields[1].Split(',').Contains("memory")) is { } first ? (first[2], false)
            : groups.FirstOrDefault(fields => fields[1].Length == 0) is { } unified ? (unified[2], true)
            : null;
    }

    private static string ParentOf(string root) =>
        ReadLines(Path.Combine(root, "proc/self/status")).FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal))
            ?["PPid:".Length..].Trim() ?? "1";

    private static long? SmallestUpTo(string mount, string path, string name)
    {
        // Version 1 says so where it means none.
        const long None = long.MaxValue / 2;
        long smallest = None;
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int depth = 0; depth <= parts.Length; depth++)
        {
            string file = Path.Combine([mount, .. parts[..depth], name]);
            if (ReadLines(file).FirstOrDefault() is { } text
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit))
            {
                smallest = Math.Min(smallest, limit);
            }
        }

        return smallest < None ? smallest : null;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
