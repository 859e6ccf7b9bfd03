using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>fsync(2) of folders: where the system has no such thing, a file with its name is no failure.</summary>
public sealed class SyncFolderTests
{
    [Fact]
    public void A_folder_whose_file_system_can_not_sync_is_left_to_the_system()
    {
        if (OperatingSystem.IsLinux())
        {
            Descriptors.SyncFolder("/proc");
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_failure()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(2, Assert.Throws<IOException>(() => Descriptors.SyncFolder("/nowhere")).HResult);
        }
    }
}
