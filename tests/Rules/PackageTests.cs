using System.Text.Json;
using System.Xml.Linq;

namespace FlowMeter.Tests.Rules;

/// <summary>
/// Directory.Packages.props names every package and its version, those that others bring included: a build here and one next month take the
/// same.
/// </summary>
public sealed class PackageTests
{
    /// <summary>The SDK brings these itself, in the version that belongs to it; global.json pins the SDK.</summary>
    private const string OfTheSdk = "Microsoft.NET.ILLink.Tasks";

    private static readonly string[] s_locks =
        ["bench/packages.lock.json", "tests/packages.lock.json", "tests/Fuzz/Driver/packages.lock.json"];

    [Theory]
    [InlineData("FlowMeter.Cli")]
    [InlineData("FlowMeter.Engine")]
    [InlineData("FlowMeter.Fuzz")]
    [InlineData("FlowMeter.Learning")]
    [InlineData("FlowMeter.Native")]
    [InlineData("FlowMeter.Report")]
    [InlineData("FlowMeter.Tests")]
    public void Every_package_that_a_restore_took_is_pinned(string project)
    {
        Dictionary<string, string> pinned = XDocument.Parse(SourceTree.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        using JsonDocument assets = JsonDocument.Parse(SourceTree.Read($"artifacts/build/obj/{project}/project.assets.json"));
        string[] taken = [.. assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => library.Name)
            .Where(name => !name.StartsWith(OfTheSdk + "/", StringComparison.Ordinal))];
        Assert.All(taken, name => Assert.Equal(name, $"{name.Split('/')[0]}/{pinned.GetValueOrDefault(name.Split('/')[0])}"));
        Assert.NotEmpty(taken);
    }

    /// <summary>What runs in a build, analyzers included, is one that somebody has looked at.</summary>
    [Theory]
    [InlineData("FlowMeter.Bench")]
    [InlineData("FlowMeter.Cli")]
    [InlineData("FlowMeter.Engine")]
    [InlineData("FlowMeter.Fuzz")]
    [InlineData("FlowMeter.Learning")]
    [InlineData("FlowMeter.Native")]
    [InlineData("FlowMeter.Report")]
    [InlineData("FlowMeter.Tests")]
    public void Every_package_that_a_restore_took_has_the_content_of_a_lock_file(string project)
    {
        string[] locked = [.. s_locks.SelectMany(Locked)];
        using JsonDocument assets = JsonDocument.Parse(SourceTree.Read($"artifacts/build/obj/{project}/project.assets.json"));
        Assert.All(
            assets.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package"
                    && !library.Name.StartsWith(OfTheSdk + "/", StringComparison.Ordinal)),
            library => Assert.Contains($"{library.Name} {library.Value.GetProperty("sha512").GetString()}", locked));
    }

    /// <summary>
    /// One that held the SDK's own packages would fail with the next SDK, one that named a source would hold there alone.
    /// </summary>
    [Fact]
    public void No_lock_file_holds_what_belongs_to_the_sdk_or_names_a_source()
    {
        foreach (string path in s_locks)
        {
            string text = SourceTree.Read(path);
            Assert.DoesNotContain("://", text, StringComparison.Ordinal);
            Assert.DoesNotMatch("(?i)ILLink|ILCompiler|NETCore.App", text);
            Assert.NotEmpty(Locked(path));
        }
    }

    /// <summary>Name, version and hash of each package.</summary>
    private static string[] Locked(string path)
    {
        using JsonDocument file = JsonDocument.Parse(SourceTree.Read(path));
        return [.. file.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => $"{package.Name}/{package.Value.GetProperty("resolved").GetString()} "
                + package.Value.GetProperty("contentHash").GetString())];
    }
}
