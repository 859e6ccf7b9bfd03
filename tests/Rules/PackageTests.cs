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

    /// <summary>All of the solution.</summary>
    public static TheoryData<string> Projects =>
        [.. SourceTree.Read("FlowMeter.sln").Split('"').Where(word => word.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(path => path.Split('/', '\\')[^1][..^".csproj".Length])];

    [Theory]
    [MemberData(nameof(Projects))]
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

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_package_that_a_restore_took_is_to_the_byte_the_one_that_is_locked(string project)
    {
        Dictionary<string, string?> locked = Locked(project);
        using JsonDocument assets = JsonDocument.Parse(SourceTree.Read($"artifacts/build/obj/{project}/project.assets.json"));
        string[] taken = [.. assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Where(library => !library.Name.StartsWith(OfTheSdk + "/", StringComparison.Ordinal))
            .Select(library => $"{library.Name} {library.Value.GetProperty("sha512").GetString()}")];
        Assert.Equal(taken.Order(StringComparer.Ordinal), locked.Select(one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal));
    }

    /// <summary>A lock that held them would fail with the next SDK, and one that named a source would hold for that source alone.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void No_lock_holds_what_belongs_to_the_sdk_or_names_a_source(string project)
    {
        string text = SourceTree.Read($"packaging/locks/{project}.json");
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)ILLink|ILCompiler|NETCore.App", text);
        Assert.All(Locked(project), package => Assert.Equal(64, Convert.FromBase64String(package.Value!).Length));
    }

    private static Dictionary<string, string?> Locked(string project)
    {
        using JsonDocument file = JsonDocument.Parse(SourceTree.Read($"packaging/locks/{project}.json"));
        return file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .ToDictionary(
                package => $"{package.Name}/{package.Value.GetProperty("resolved").GetString()}",
                package => package.Value.GetProperty("contentHash").GetString());
    }
}
