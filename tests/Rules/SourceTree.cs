using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Rules;

/// <summary>The repository's own source files.</summary>
internal static partial class SourceTree
{
    /// <summary>The folder of the solution; null where the tests run without it.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Paths below a folder of the repository, relative to it and with slashes.</summary>
    public static IEnumerable<string> Files(string folder, string extension) =>
        Directory.EnumerateFiles(Path.Combine(Root!, folder), "*" + extension, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root!, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root!, path));

    /// <summary>The text without comments: rules are about code, and words are free.</summary>
    public static string ReadCode(string path) => Comments().Replace(Read(path), "");

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "FlowMeter.sln")))
            {
                return at.FullName;
            }
        }

        return null;
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
