using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>A tmpfs that is soon full, for one test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    public SmallDisk(string path, string size)
    {
        _path = path;
        Directory.CreateDirectory(path);
        Launched.Start("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path).Finish().Succeeded();
    }

    /// <summary>Lazily: a test that failed may still have files open, and the folder is to be deleted.</summary>
    public void Dispose() => Launched.Start("umount", "-l", _path).Finish().Succeeded();
}
