namespace FlowMeter.Tests.EndToEnd;

/// <summary>The Python package, by tests of its own.</summary>
[Trait("Category", "EndToEnd")]
public sealed class PythonPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Library | Need.Pandas)]
    public void Frames_are_what_the_command_line_writes()
    {
        Finished finished = Launched.Start(
            "env", $"PYTHONPATH={Path.Combine(Samples.Repository, "python")}", "PYTHONDONTWRITEBYTECODE=1",
            $"FLOWMETER_LIBRARY={SharedLibrary.Location}", $"FLOWMETER_BINARY={FlowMeterBinary.Path}",
            $"FLOWMETER_CAPTURE={Samples.Office}", SharedLibrary.Python!, "-W", "error",
            Path.Combine(Samples.Repository, "python", "tests", "test_flows.py")).Finish();
        Assert.True(finished.ExitCode == 0, finished.Errors);
    }

    [BinaryFact(Need.Library | Need.Python)]
    public void The_wheel_is_installed_by_its_name_and_needs_no_network()
    {
        string wheels = Path.Combine(Samples.Repository, "artifacts");
        Launched.Start(Path.Combine(Samples.Repository, "scripts", "python-package")).Finish().Succeeded();
        string wheel = Assert.Single(Directory.GetFiles(wheels, "flowmeter-*-py3-none-manylinux_*.whl"));
        Launched.Start("python3", "-m", "zipfile", "-e", wheel, _folder.Path).Finish().Succeeded();
        Finished finished = Launched.Start(
            "env", $"PYTHONPATH={_folder.Path}", "python3", "-c",
            $"import flowmeter; print(flowmeter.__version__, len(flowmeter.read('{Samples.Office}')))").Finish().Succeeded();
        int rows = FlowMeterBinary.Run("read", Samples.Office).Output.Count(c => c == '\n') - 1;
        string version = FlowMeterBinary.Run("--version").Output.Split(' ', '\n')[1];
        Assert.Equal($"{version} {rows}\n", finished.Output);
    }
}
