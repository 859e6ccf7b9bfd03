using System.Globalization;
using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>
/// What the path of an output leads to. The type of what is there decides, never its name: a folder below /dev may hold files, and any
/// folder devices.
/// </summary>
public static class OutputPath
{
    /// <summary>The path that stands for standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>
    /// Whether a path leads to a pipe, a device or a descriptor of the process, which is written to as it stands. Everything else is a
    /// file.
    /// </summary>
    public static bool IsStream(string path) => DescriptorOf(path) != null || FileKinds.Find(path) is FileKind.Pipe or FileKind.Device;

    /// <summary>Whether a path stands for a descriptor of the process, which is not opened again.</summary>
    public static bool IsDescriptor(string path) => DescriptorOf(path) != null;

    /// <summary>
    /// The file that a path leads to through symbolic links, even if it does not exist yet; the path itself if it is no link.
    /// </summary>
    public static string FollowLinks(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.LinkTarget == null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (IOException)
        {
            // Links in a circle lead nowhere; opening the path says so.
            return path;
        }
    }

    /// <summary>What messages call an output.</summary>
    internal static string NameOf(string path) => path == StandardOutput ? "standard output" : path;

    /// <summary>
    /// The process's own descriptor that a path such as - or /dev/fd/3 stands for; null for none. It is written to where it stands: what
    /// the shell opened there may be a file that other programs append to.
    /// </summary>
    internal static int? DescriptorOf(string path) => path switch
    {
        StandardOutput or "/dev/stdout" => 1,
        "/dev/stderr" => 2,
        _ => NumberBehind("/dev/fd/", path) ?? NumberBehind("/proc/self/fd/", path),
    };

    /// <summary>Checks that a file can be made.</summary>
    /// <param name="path">What was typed.</param>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="example">The name of a file, for who typed that of a folder.</param>
    /// <exception cref="OutputException">The path is a folder, or there is no folder for the file.</exception>
    internal static void RequireFolder(string path, string folder, string example)
    {
        if (Directory.Exists(path))
        {
            throw new OutputException($"{path}: is a directory; name a file in it, for example {Path.Join(path, example)}.");
        }

        if (!Directory.Exists(folder))
        {
            throw new OutputException($"{path}: there is no folder {folder}; make it, or choose another place.");
        }
    }

    private static int? NumberBehind(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
