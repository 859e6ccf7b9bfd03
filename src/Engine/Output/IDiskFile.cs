namespace FlowMeter.Engine.Output;

/// <summary>A file that is open to be read and written, and locked (<see cref="IDisk"/>). For one thread at a time.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Whether it has been closed.</summary>
    bool IsClosed { get; }

    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Cuts it, or makes it longer.</summary>
    void SetLength(long length);

    /// <summary>Reads bytes that are there; 0 at the end.</summary>
    int Read(Span<byte> buffer, long at);

    /// <summary>Writes all bytes. After a failure some of them may be there.</summary>
    void Write(ReadOnlySpan<byte> bytes, long at);

    /// <summary>Waits until its bytes survive a power cut.</summary>
    void Sync();

    /// <summary>Whether a name still leads to this file, so that nobody renamed, deleted or replaced it.</summary>
    bool IsNamed(string path);

    /// <summary>Lets those use it who may use another file; nothing where that file is not there.</summary>
    void TakeModeOf(string path);
}
