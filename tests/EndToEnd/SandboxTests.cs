using System.Globalization;
using System.Runtime.Versioning;
using FlowMeter.Native;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The sandbox of a run by the kernel's word on each of its threads, and what is said of it.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SandboxTests : IDisposable
{
    private const string NetRaw = "0000000000002000";
    private const string None = "0000000000000000";

    // Those that open an interface again: one for each handle, and who starts them; and the one that sends.
    private static readonly string[] s_capturing = ["capture", ".NET Long Runni", "worker 0", "worker 1", "forward"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network | Need.Root | Need.Curl)]
    [InlineData("--workers", "2")]
    [InlineData("--workers", "2", "--decapsulate")]
    [InlineData("--workers", "1", "--forward-to", "out0")]
    [SupportedOSPlatform("linux")]
    public void With_user_only_the_threads_that_capture_have_a_right_left(params string[] options)
    {
        using VethPair wire = new();
        wire.Start("ip", "link", "add", "out0", "type", "veth", "peer", "name", "out1").Finish().Succeeded();
        wire.Start("ip", "link", "set", "out0", "up").Finish().Succeeded();
        wire.UseLoopback();
        Nobody.ChangeMode("a+rwx", _folder.Path);
        string[] model = options.Contains("--forward-to") ? ["--model", _folder.Write("m.json", LiveSplitTests.AtThird)] : [];
        Launched process = wire.CaptureTelling(
            _folder["errors"],
            [
                "--user", "nobody", "--metrics", "127.0.0.1:9105", "-o", _folder["flows-%H%M%S.csv"], "--rotate", "1s",
                "--idle-timeout", "300ms", "--hosts", _folder["hosts.csv"], "--stats-every", "100ms", "--summary", _folder["s.json"],
                .. options, .. model,
            ]);
        process.Await(() => Errors().Contains(" flows live", StringComparison.Ordinal), "it captured");
        wire.Send(Wire.Flows(0, 1000));
        process.Await(() => Directory.GetFiles(_folder.Path, "flows-*.csv").Length > 0, "it rotated");
        Dictionary<string, string>[] threads = Threads(process.Id);
        Assert.True(threads.Length >= 10, $"{threads.Length} threads");
        Assert.All(threads, thread =>
        {
            Assert.Equal("1", thread["NoNewPrivs"]);
            Assert.Equal(Sandbox.HasSeccomp ? "2" : "0", thread["Seccomp"]);
            Assert.Equal(None, thread["CapBnd"]);
            Assert.Equal(None, thread["CapInh"]);
            Assert.Equal(None, thread["CapAmb"]);
            Assert.Equal((thread["Name"], s_capturing.Contains(thread["Name"]) ? NetRaw : None), (thread["Name"], thread["CapPrm"]));
            Assert.Equal(thread["CapPrm"], thread["CapEff"]);
        });
        Assert.Contains(threads, thread => thread["CapEff"] == NetRaw && thread["Name"] != "capture");
        Assert.Equal("0", CoreLimit(process.Id));
        Assert.Equal("ok\n", wire.Start("curl", "-s", "-m", "5", "http://127.0.0.1:9105/readyz").Finish().Succeeded().Output);
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Contains("flowmeter: sandbox: system calls (seccomp), files (Landlock ", Errors(), StringComparison.Ordinal);
        Assert.Equal(1000, Summary.Read(_folder["s.json"]).Frames);
    }

    [BinaryTheory]
    [InlineData("read", "-")]
    [InlineData("score", "-")]
    [InlineData("report", "-")]
    [InlineData("read", "-", "--no-sandbox")]
    public void A_command_that_reads_files_is_in_its_sandbox_before_the_first_byte(params string[] command)
    {
        if (!OperatingSystem.IsLinux() || !Sandbox.HasSeccomp)
        {
            return;
        }

        bool isIn = !command.Contains("--no-sandbox");
        Launched process = FlowMeterBinary.Start([.. command, "-o", _folder["output"]]);
        process.Await(() => !isIn || Threads(process.Id).All(thread => thread["Seccomp"] == "2"), "it was in its sandbox");
        process.Await(process.CatchesInterrupt, "it ran");
        Assert.All(Threads(process.Id), thread => Assert.Equal(isIn ? "1" : "0", thread["NoNewPrivs"]));
        Assert.Equal(isIn, CoreLimit(process.Id) == "0");
        _ = process.Finish();
    }

    [BinaryTheory(Need.Strace | Need.Root)]
    [InlineData("landlock_create_ruleset", "system calls (seccomp); no Landlock here, which limits files")]
    [InlineData("landlock_restrict_self", "system calls (seccomp); no Landlock here, which limits files")]
    [InlineData("seccomp", "; no seccomp here, which limits system calls")]
    [InlineData("landlock_create_ruleset,seccomp", "none; this system has neither seccomp nor Landlock for it")]
    public void Where_the_kernel_lacks_something_the_run_goes_on_with_the_rest_and_says_so(string calls, string line)
    {
        string[] strace = ["-f", "-qq", "-o", "/dev/null", "-e", $"trace={calls}", "-e", $"inject={calls}:error=ENOSYS"];
        string table = _folder["live.csv"];
        string[] capture = ["capture", "-i", LoopbackFactAttribute.Device, "-o", table, "--duration", "500ms"];
        Finished live = Launched.Start("strace", [.. strace, FlowMeterBinary.Path!, .. capture]).Finish().Succeeded();
        Assert.Contains("flowmeter: sandbox: ", live.Errors, StringComparison.Ordinal);
        Assert.Contains(line, live.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(table));
        string[] read = ["read", Samples.Office, "-q", "-o", _folder["flows.csv"]];
        Launched.Start("strace", [.. strace, FlowMeterBinary.Path!, .. read]).Finish().Succeeded();
        Assert.Equal(
            FlowMeterBinary.Run("read", Samples.Office, "-q").Succeeded().Output.Length, File.ReadAllText(_folder["flows.csv"]).Length);
    }

    [BinaryFact(Need.Root)]
    public void No_sandbox_takes_nothing_and_is_said()
    {
        Finished finished = FlowMeterBinary.Run(
            "capture", "-i", LoopbackFactAttribute.Device, "-o", _folder["flows.csv"], "--duration", "100ms", "--no-sandbox").Succeeded();
        Assert.Contains("flowmeter: sandbox: off\n", finished.Errors, StringComparison.Ordinal);
    }

    /// <summary>Descriptors of the process are reached by names of their own, also by who may not look into the process.</summary>
    [BinaryFact(Need.Root)]
    public void Inputs_and_outputs_by_the_name_of_a_descriptor_are_allowed()
    {
        Nobody.ChangeMode("a+rwx", _folder.Path);
        string binary = _folder["flowmeter"];
        File.Copy(FlowMeterBinary.Path!, binary);
        string capture = _folder["office.pcap"];
        File.Copy(Samples.Office, capture);
        Launched.Start("chmod", "a+rx", binary, capture).Finish().Succeeded();
        string script = string.Create(
            CultureInfo.InvariantCulture,
            $"cat {capture} | {binary} read /dev/stdin -q -o /dev/stdout | {binary} score /dev/fd/0 -q -o /dev/fd/1 > {_folder["a.csv"]}"
                + $" && {binary} read /dev/fd/7 -q -o {_folder["b.csv"]} 7< {capture}");
        Launched.Start("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script).Finish().Succeeded();
        Assert.Equal(File.ReadAllLines(_folder["b.csv"]).Length, File.ReadAllLines(_folder["a.csv"]).Length);
        Assert.InRange(File.ReadAllLines(_folder["a.csv"]).Length, 10, int.MaxValue);
    }

    private static Dictionary<string, string>[] Threads(int process) =>
    [
        .. Directory.GetDirectories($"/proc/{process}/task").Select(task => File.ReadLines(Path.Join(task, "status")).Select(
            line => line.Split(':', 2)).ToDictionary(field => field[0], field => field[1].Trim())),
    ];

    private static string CoreLimit(int process) => File.ReadLines($"/proc/{process}/limits").Single(
        line => line.StartsWith("Max core file size", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[5];

    private string Errors() => File.Exists(_folder["errors"]) ? File.ReadAllText(_folder["errors"]) : "";
}
