using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.Support;

/// <summary>
/// The test assembly as a program of its own, for what a process can do only once: <c>dotnet exec FlowMeter.Tests.dll drop USER</c>,
/// or <c>sandbox SCOPE FOLDER INPUT</c>.
/// </summary>
internal static class TestProgram
{
    private static int Main(string[] arguments) => !OperatingSystem.IsLinux() ? 2 : arguments switch
    {
        ["drop", string user, string folder] => PrivilegeDrop.Run(user, folder),
        ["sandbox", string scope, string folder, string input] => SandboxedCalls.Run(scope, folder, input),
        _ => 2,
    };
}
