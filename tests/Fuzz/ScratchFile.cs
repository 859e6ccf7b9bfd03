namespace FlowMeter.Tests.Fuzz;

/// <summary>A file for what reads paths only, in memory where the machine has a place for that. Each thread has one.</summary>
internal static class ScratchFile
{
    [ThreadStatic]
    private static string? t_path;

    /// <summary>Where <see cref="With"/> leaves bytes.</summary>
    public static string Path => t_path ??= System.IO.Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), $"flowmeter-fuzz-{Guid.NewGuid():N}");

    /// <summary>Does something with the path of a file of these bytes.</summary>
    public static void With(byte[] bytes, Action<string> action)
    {
        File.WriteAllBytes(Path, bytes);
        try
        {
            action(Path);
        }
        finally
        {
            File.Delete(Path);
        }
    }
}
