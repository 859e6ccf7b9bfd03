namespace FlowMeter.Tests.EndToEnd;

/// <summary>The published library, beside the published binary, and what uses it.</summary>
internal static class SharedLibrary
{
    private static readonly Lazy<string?> s_python = new(() => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(
        python => (Path.IsPathRooted(python) ? File.Exists(python) : Available.HasCommand(python))
            && Launched.Start(python, "-c", "import numpy, pandas").Finish().ExitCode == 0));

    /// <summary>Where it is; null where it was not made.</summary>
    public static string? Location { get; } = Find();

    /// <summary>A Python that has numpy and pandas; null where there is none.</summary>
    public static string? Python => s_python.Value;

    private static string? Find()
    {
        string path = Path.Combine(Path.GetDirectoryName(FlowMeterBinary.Path) ?? "", "libflowmeter.so");
        return File.Exists(path) ? path : null;
    }
}
