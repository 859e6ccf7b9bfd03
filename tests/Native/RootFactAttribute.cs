namespace FlowMeter.Tests.Native;

/// <summary>A test that only root on Linux can run: it becomes somebody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() =>
        Skip = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "only root on Linux can become somebody else";
}
