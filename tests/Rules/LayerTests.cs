using System.Reflection;
using FlowMeter.Engine.Metering;
using FlowMeter.Native;

namespace FlowMeter.Tests.Rules;

/// <summary>Which project may see which: Cli → Engine → Native, and never back.</summary>
public sealed class LayerTests
{
    [Theory]
    [InlineData("Native", "Engine", "Cli")]
    [InlineData("Engine", "Cli")]
    public void AProjectNamesOnlyTheOnesBelowIt(string project, params string[] above)
    {
        string text = SourceTree.Read($"src/{project}/FlowMeter.{project}.csproj");
        Assert.All(above, name => Assert.DoesNotContain($"FlowMeter.{name}.csproj", text, StringComparison.Ordinal));
    }

    [Fact]
    public void NativeCallsNothingOfOurs() => Assert.Empty(OursReferencedBy(typeof(PcapCapture).Assembly));

    [Fact]
    public void TheEngineCallsNoneButNative() =>
        Assert.DoesNotContain(OursReferencedBy(typeof(MeteringProcess).Assembly), name => name != "FlowMeter.Native");

    private static IEnumerable<string> OursReferencedBy(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("FlowMeter", StringComparison.OrdinalIgnoreCase));
}
