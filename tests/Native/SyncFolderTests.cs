using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>fsync(2) of folders: where the system has no such thing, a file with its name is no failure.</summary>
public sealed class SyncFolderTests
{
    [Fact]
    public void AFolderWhoseFileSystemCanNotSyncIsLeftToTheSystem()
    {
        if (OperatingSystem.IsLinux())
        {
            Descriptors.SyncFolder("/proc");
        }
    }

    [Fact]
    public void AFolderThatIsNotThereIsAFailure()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(2, Assert.Throws<IOException>(() => Descriptors.SyncFolder("/nowhere")).HResult);
        }
    }
}
