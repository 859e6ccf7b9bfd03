namespace FlowMeter.Learning.Data;

/// <summary>Finds a file by the name that another file gives it, whose author had it in another folder.</summary>
internal static class NamedFile
{
    /// <summary>The longest of some names with which a path ends, else one of the same last part; null if there is none.</summary>
    public static string? Find(IReadOnlyCollection<string> names, string path)
    {
        string full = Path.GetFullPath(path).Replace('\\', '/');
        return names.Where(name => full.EndsWith("/" + name.TrimStart('/'), StringComparison.Ordinal)).MaxBy(name => name.Length)
            ?? names.FirstOrDefault(name => Path.GetFileName(name) == Path.GetFileName(full));
    }
}
