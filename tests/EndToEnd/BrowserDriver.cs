namespace FlowMeter.Tests.EndToEnd;

/// <summary>A real browser that a script drives: chromium, Node.js, and playwright-core of npm.</summary>
internal static class BrowserDriver
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly Lazy<string?> s_library = new(() => !Available.HasCommand("npm") ? null
        : new[] { Environment.GetEnvironmentVariable("PLAYWRIGHT_CORE"), GlobalFolder() }.FirstOrDefault(
            folder => folder != null && Directory.Exists(Path.Combine(folder, "playwright-core"))));

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? WhyNot => Chromium == null ? "there is no chromium"
        : s_library.Value == null ? "there is no playwright-core: npm install --global playwright-core"
        : null;

    private static string? Chromium => s_names.FirstOrDefault(Available.HasCommand) is { } name
        ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Join(folder, name))
            .First(File.Exists)
        : null;

    /// <summary>Starts a person at a page.</summary>
    /// <param name="scenario">What the person does: a part of <c>Browser/page.mjs</c>.</param>
    /// <param name="url">The page.</param>
    /// <param name="more">What the scenario is to be told.</param>
    public static Launched Start(string scenario, string url, string more = "") => Launched.Start(
        "env", $"PLAYWRIGHT_CORE={s_library.Value}", "node",
        Path.Combine(Rules.SourceTree.Root!, "tests", "EndToEnd", "Browser", "page.mjs"), Chromium!, scenario, url, more);

    private static string? GlobalFolder() => Launched.Start("npm", "root", "--global").Finish().Output.Trim();
}
