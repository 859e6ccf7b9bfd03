namespace FlowMeter.Tests.EndToEnd;

/// <summary>The published binary, run as a user runs it.</summary>
internal static class FlowMeterBinary
{
    /// <summary>Where it is; null where nobody said so.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Runs it to its end, with nothing to read on standard input.</summary>
    public static Finished Run(params string[] arguments) => Start(arguments).Finish();

    /// <summary>Starts it.</summary>
    public static Launched Start(params string[] arguments) => Launched.Start(Path!, arguments);

    private static string? Find()
    {
        string? path = Environment.GetEnvironmentVariable("FLOWMETER_BINARY");
        return File.Exists(path) ? System.IO.Path.GetFullPath(path) : null;
    }
}
