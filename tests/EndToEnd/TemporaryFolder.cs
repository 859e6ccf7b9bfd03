using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A folder of its own for one test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowmeter-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Writes frames as a pcap file and returns its path.</summary>
    public string WriteCapture(string name, params IReadOnlyList<Frame> frames) => Write(name, CaptureWriter.Pcap(frames));

    /// <summary>Makes a capture with <c>flowmeter generate</c> and returns its path.</summary>
    public string Generate(string name, params string[] options)
    {
        FlowMeterBinary.Run(["generate", this[name], .. options]).Succeeded();
        return this[name];
    }

    /// <summary>Makes a named pipe and returns its path.</summary>
    public string MakePipe(string name)
    {
        Launched.Start("mkfifo", this[name]).Finish().Succeeded();
        return this[name];
    }

    /// <summary>The text so far of a file that somebody is writing: .NET itself reads none that is locked.</summary>
    public string Peek(string name) => Launched.Start("cat", this[name]).Finish().Succeeded().Output;

    /// <summary>The text so far of all files of a pattern, any of which may get another name or go meanwhile.</summary>
    public string PeekAll(string pattern) => Launched.Start(
        "sh", "-c", "cd \"$1\" && for f in $2; do cat \"$f\"; done 2> /dev/null; true", "sh", Path, pattern).Finish().Succeeded().Output;

    /// <summary>Names of what is in the folder, in order.</summary>
    public string[] Names() => [.. _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)];
}
