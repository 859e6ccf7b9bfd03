using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>A test on the loopback interface of Linux, skipped with the reason where it cannot be listed or captured on.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LoopbackFactAttribute : FactAttribute
{
    public const string Device = "lo";

    public LoopbackFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "The loopback interface is called lo on Linux only.";
            return;
        }

        try
        {
            using PcapCapture capture = PcapCapture.Create(Device);
            capture.Activate();
        }
        catch (PcapException refused)
        {
            Skip = refused.Message;
        }
    }
}
