using System.Globalization;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// The sandbox of a run (<see cref="Sandbox"/>), on Linux: its files are those that were typed. To be entered before anything is read that
/// others have sent, and before threads are started.
/// </summary>
internal sealed class RunSandbox
{
    // Where OpenSSL looks for authorities when it checks the certificate of a broker or a collector.
    private static readonly string[] s_authorities =
    [
        "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
    ];

    // What libc reads to look names up.
    private static readonly string[] s_lookups =
    [
        "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/run/systemd/resolve",
    ];

    private static bool s_isPrepared;

    private readonly bool _isWanted;
    private readonly int _landlock;
    private readonly Connections? _connections;

    private RunSandbox(bool isWanted, int landlock, Connections? connections) =>
        (_isWanted, _landlock, _connections) = (isWanted, landlock, connections);

    /// <summary>What this system has for it, as a line.</summary>
    public static string Available =>
        OperatingSystem.IsLinux() ? Describe(Sandbox.HasSeccomp, Sandbox.LandlockVersion) : "sandbox: none on this system";

    /// <summary>
    /// The process is this program's and may be put into a sandbox. Takes away at once what no run needs. To be called before the first
    /// thread is started.
    /// </summary>
    public static void Prepare()
    {
        s_isPrepared = true;
        if (OperatingSystem.IsLinux())
        {
            Privileges.DropBoundingSet();
        }
    }

    /// <summary>Puts a run that reads and writes files into its sandbox.</summary>
    /// <param name="isWanted">Whether it was not turned off.</param>
    /// <param name="inputs">Paths that are read.</param>
    /// <param name="outputs">Paths that are written; null for none.</param>
    public static void Enter(bool isWanted, IEnumerable<string?> inputs, params IEnumerable<string?> outputs) =>
        Enter(isWanted, inputs, null, outputs);

    /// <summary>The same for a run that sends to a broker or a collector, too.</summary>
    /// <param name="isWanted">Whether it was not turned off.</param>
    /// <param name="inputs">Paths that are read.</param>
    /// <param name="connections">What is connected to; null: nothing is sent.</param>
    /// <param name="outputs">Paths that are written; null for none.</param>
    /// <param name="answers">Whether it answers on a port that is open already.</param>
    public static void Enter(
        bool isWanted, IEnumerable<string?> inputs, Connections? connections, IEnumerable<string?> outputs, bool answers = false)
    {
        if (s_isPrepared && isWanted && OperatingSystem.IsLinux())
        {
            Sandbox.RefuseCoreDumps();
            _ = Sandbox.LimitFiles(With(connections, FilesOf(inputs, outputs)));
            _ = Sandbox.LimitCalls(ScopeOf(connections, answers ? SystemCallScope.FilesAndPage : SystemCallScope.Files));
        }
    }

    /// <summary>Begins the sandbox of a capture: files are limited, system calls not yet (<see cref="Close"/>).</summary>
    /// <param name="isWanted">Whether it was not turned off.</param>
    /// <param name="outputs">Paths that are written.</param>
    /// <param name="connections">What is connected to, also later; null: nothing is sent.</param>
    public static RunSandbox Begin(bool isWanted, IEnumerable<string?> outputs, Connections? connections)
    {
        if (!s_isPrepared || !isWanted || !OperatingSystem.IsLinux())
        {
            return new RunSandbox(isWanted, 0, connections);
        }

        Sandbox.RefuseCoreDumps();
        SandboxFiles files = With(connections, FilesOf([], outputs));
        return new RunSandbox(isWanted, Sandbox.LimitFiles(files with { Folders = [.. files.Folders.Select(Above).Distinct()] })
            ? Sandbox.LandlockVersion
            : 0, connections);
    }

    /// <summary>Limits the system calls, too: all that takes others is done.</summary>
    /// <returns>What is in force, as a line; null where there is no sandbox to tell of.</returns>
    public string? Close() =>
        !s_isPrepared || !OperatingSystem.IsLinux() ? null
        : !_isWanted ? "sandbox: off"
        : Describe(Sandbox.LimitCalls(ScopeOf(_connections, SystemCallScope.Capture)), _landlock);

    private static SystemCallScope ScopeOf(Connections? connections, SystemCallScope without) =>
        connections == null ? without
        : connections.LooksUpNames ? SystemCallScope.CaptureToCluster
        : SystemCallScope.CaptureToBroker;

    private static SandboxFiles With(Connections? connections, SandboxFiles files) =>
        connections is not { Ports.Count: > 0 } ? files : files with
        {
            Ports = connections.Ports,
            Readable = [.. files.Readable, .. s_authorities, .. connections.LooksUpNames ? s_lookups : []],
        };

    private static string Describe(bool limitsCalls, int landlock)
    {
        string files = string.Create(CultureInfo.InvariantCulture, $"files (Landlock {landlock})");
        return (limitsCalls, landlock > 0) switch
        {
            (true, true) => $"sandbox: system calls (seccomp), {files}",
            (true, false) => "sandbox: system calls (seccomp); no Landlock here, which limits files",
            (false, true) => $"sandbox: {files}; no seccomp here, which limits system calls",
            _ => "sandbox: none; this system has neither seccomp nor Landlock for it",
        };
    }

    private static SandboxFiles FilesOf(IEnumerable<string?> inputs, IEnumerable<string?> outputs)
    {
        string[] written = [.. outputs.OfType<string>().Where(path => path != OutputPath.StandardOutput)];
        string[] streams = [.. written.Where(OutputPath.IsStream)];

        // A pipe may be made anew while a capture runs; a device may not, and its folder has all the others.
        return new SandboxFiles(
            [.. inputs.OfType<string>()],
            [.. written.Except(streams).SelectMany(path => new[] { path, OutputPath.FollowLinks(path) }).Select(FolderOf).Distinct()],
            [.. streams.Select(path => FileKinds.Find(path) == FileKind.Pipe && !OutputPath.IsDescriptor(path) ? FolderOf(path) : path)]);
    }

    /// <summary>
    /// A folder that is removed and made again while a capture runs is another one to the kernel: what it is in is allowed, unless that is
    /// everything.
    /// </summary>
    private static string Above(string folder) => Path.GetDirectoryName(folder) is { } above && above != "/" ? above : folder;

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
}
