using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>A fact that needs a disk of its own, skipped where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> s_canMount = new(() =>
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }

        string script = "d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d; r=$?; umount $d; rmdir $d; exit $r";
        return Launched.Start("sh", "-c", script).Finish().ExitCode == 0;
    });

    public MountFactAttribute() => Skip = s_canMount.Value ? null : "no right to mount a tmpfs";
}
