namespace FlowMeter.Tests.Support;

/// <summary>The folder of captures and expected rows that lies beside the repository, where there is one.</summary>
internal static class SharedFolder
{
    public static string? Path { get; } = Find();

    /// <summary>Every capture of the corpus; none where the folder is absent.</summary>
    public static IEnumerable<string> Captures()
    {
        return Path is null
            ? []
            : new[] { "benign", "malicious", "edge" }
                .Select(kind => System.IO.Path.Combine(Path, "corpus", kind))
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFiles)
                .Order(StringComparer.Ordinal);
    }

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = System.IO.Path.Combine(at.FullName, "shared");
            if (File.Exists(System.IO.Path.Combine(candidate, "SPEC.md")))
            {
                return candidate;
            }
        }
        return null;
    }
}
