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
}
