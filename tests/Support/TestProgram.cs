using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.Support;

/// <summary>
/// The test assembly as a program of its own, for what a process can do only once: <c>dotnet exec FlowMeter.Tests.dll drop USER</c>.
/// </summary>
internal static class TestProgram
{
    private static int Main(string[] arguments) =>
        OperatingSystem.IsLinux() && arguments is ["drop", string user] ? PrivilegeDrop.Run(user) : 2;
}
