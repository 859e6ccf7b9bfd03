namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A folder that dpkg takes for a system. Scripts of packages run outside of it, with its path in DPKG_ROOT, so nobody has to be root.
/// </summary>
internal sealed class DpkgFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DpkgFolder()
    {
        Directory.CreateDirectory(_folder["var/lib/dpkg/info"]);
        Directory.CreateDirectory(_folder["var/lib/dpkg/updates"]);
        _folder.Write("var/lib/dpkg/status", "");
    }

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs dpkg, which has to succeed, and returns what it prints.</summary>
    public string Run(params string[] arguments) => Launched.Start(
        "dpkg",
        [
            $"--root={Path}", "--force-script-chrootless", "--force-not-root", "--force-depends", "--force-confold", "--log=/dev/null",
            .. arguments,
        ]).Finish().Succeeded().Output;

    /// <summary>Writes a file below the folder.</summary>
    public void Write(string path, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder[path])!);
        _folder.Write(path, content);
    }

    /// <summary>Makes a symbolic link below the folder.</summary>
    public void Link(string path, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder[path])!);
        File.CreateSymbolicLink(_folder[path], target);
    }

    /// <summary>All files and links but dpkg's own.</summary>
    public string[] Files() =>
    [
        .. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(path => path[Path.Length..])
            .Where(path => !path.StartsWith("/var/lib/dpkg/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];
}
