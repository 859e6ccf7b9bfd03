namespace FlowMeter.Tests.Native;

/// <summary>A file of its own for one test, deleted with it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
