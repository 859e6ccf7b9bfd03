using FlowMeter.Native;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Native;

/// <summary>What a process can do no more in its sandbox, by the kernel's answers. Without one, the same calls are not refused.</summary>
public sealed class SandboxTests : IDisposable
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NotImplemented = 38;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RootFact]
    public void Only_its_own_files_can_be_opened()
    {
        if (!OperatingSystem.IsLinux() || Sandbox.LandlockVersion == 0)
        {
            return;
        }

        string[] own = ["limit files", "read the input", "make an output", "name it"];
        string[] others =
        [
            "write the input", "make a file beside", "read the users", "write the users", "read a program",
            "read the users as the finalizer", "read the users in a later thread",
        ];
        Dictionary<string, int> errors = Run("Files");
        Assert.All(own, what => Assert.Equal((what, 0), (what, errors[what])));
        Assert.All(others, what => Assert.Equal((what, AccessDenied), (what, errors[what])));
        Dictionary<string, int> free = Run("none");
        Assert.All(others, what => Assert.Equal((what, 0), (what, free[what])));
    }

    [RootFact]
    public void Only_the_calls_of_a_run_can_be_made()
    {
        if (!OperatingSystem.IsLinux() || !Sandbox.HasSeccomp)
        {
            return;
        }

        string[] ofCaptures = ["socket of packets", "bind"];
        Dictionary<string, int> free = Run("none");
        Dictionary<string, int> files = Run("Files");
        Dictionary<string, int> capture = Run("Capture");
        string[] calls = [.. free.Keys.SkipWhile(what => what != "ptrace")];
        Assert.Equal(39, calls.Length);
        Assert.Equal((0, 0), (files["limit calls"], capture["limit calls"]));
        Assert.All(calls.Except(["clone3"]), call => Assert.Equal((call, NotPermitted), (call, files[call])));
        Assert.All(calls.Except(["clone3", .. ofCaptures]), call => Assert.Equal((call, NotPermitted), (call, capture[call])));
        Assert.All(ofCaptures, call => Assert.NotEqual(NotPermitted, capture[call]));
        Assert.Equal(NotImplemented, files["clone3"]);

        // The kernel may have a refusal of its own for one or the other.
        string[] refused = [.. calls.Where(call => free[call] == NotPermitted)];
        Assert.True(refused.Length <= 4, string.Join(", ", refused));
    }

    private Dictionary<string, int> Run(string scope)
    {
        string output = Directory.CreateDirectory(_folder[$"{scope}/output"]).FullName;
        string input = _folder.Write("input.csv", "a,b\n");
        Finished finished = Launched.Start(
            "dotnet", "exec", typeof(SandboxTests).Assembly.Location, "sandbox", scope, output, input).Finish().Succeeded();
        Dictionary<string, int> errors = [];
        foreach (string line in finished.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int space = line.LastIndexOf(' ');
            errors[line[..space]] = int.Parse(line[(space + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        }

        return errors;
    }
}
