using System.Diagnostics;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Report.Pages;

/// <summary>
/// A browser without a window, which opens a page from a file, runs for two seconds of its own time and writes down what it then has.
/// </summary>
internal static class Chromium
{
    private static readonly string? s_program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Why no page can be opened here; null if it can.</summary>
    public static string? WhyNot { get; } = s_program == null ? "There is no chromium on the PATH." : null;

    /// <summary>Opens a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="width">The window's width in pixels.</param>
    /// <param name="options">Further options of the browser.</param>
    /// <returns>The page as the browser has it at the end, and what it said on its console.</returns>
    public static (string Dom, string[] Console) Open(string page, int width, params string[] options)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("page.html", page);
        ProcessStartInfo start = new(s_program!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", $"--user-data-dir={folder["profile"]}", $"--window-size={width},900",
                "--virtual-time-budget=2000", "--enable-logging=stderr", "--dump-dom",
            },
        };
        foreach (string option in options.Append($"file://{file}"))
        {
            start.ArgumentList.Add(option);
        }

        using Process browser = Process.Start(start)!;
        Task<string> errors = browser.StandardError.ReadToEndAsync();
        Task<string> dom = browser.StandardOutput.ReadToEndAsync();
        if (!browser.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            browser.Kill(entireProcessTree: true);
            Assert.Fail("the browser did not end within two minutes");
        }

        return (dom.Result, [.. errors.Result.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))]);
    }
}
