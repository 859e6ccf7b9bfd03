namespace FlowMeter.Tests.EndToEnd;

/// <summary>The packages for dotnet tool install.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ToolPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Python)]
    public void Dotnet_installs_the_binary_from_a_folder_into_an_empty_home()
    {
        string packages = Path.Combine(Samples.Repository, "artifacts");
        string version = FlowMeterBinary.Run("--version").Output.Split(' ', '\n')[1];
        string script = Path.Combine(Samples.Repository, "scripts", "tool-package");
        string[] made = [.. Launched.Start(script).Finish().Succeeded().Output.Split('\n')[..^1].Select(line => line.Split(": ")[0])];
        Assert.Contains($"artifacts/flowmeter.{version}.nupkg", made);
        Dictionary<string, byte[]> first = made.ToDictionary(
            path => path, path => File.ReadAllBytes(Path.Combine(Samples.Repository, path)));
        Launched.Start(script).Finish().Succeeded();
        Assert.All(first, package => Assert.Equal(package.Value, File.ReadAllBytes(Path.Combine(Samples.Repository, package.Key))));

        string home = _folder["home"];
        Directory.CreateDirectory(home);
        Launched.Start(
            "env", "-C", home, $"HOME={home}", $"DOTNET_CLI_HOME={home}", $"NUGET_PACKAGES={home}/packages",
            "DOTNET_CLI_TELEMETRY_OPTOUT=1", "dotnet", "tool", "install", "flowmeter", "--version", version,
            "--tool-path", _folder["tools"], "--source", packages).Finish().Succeeded();
        string installed = _folder["tools/flowmeter"];
        Assert.Equal(FlowMeterBinary.Run("--version").Output, Launched.Start(installed, "--version").Finish().Succeeded().Output);
        Assert.Equal(
            FlowMeterBinary.Run("read", Samples.Office).Succeeded().Output,
            Launched.Start(installed, "read", Samples.Office).Finish().Succeeded().Output);
    }
}
