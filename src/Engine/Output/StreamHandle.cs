using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A pipe, a device, or a descriptor that the process was given, standard output first of all. It is written where it stands: Console's
/// stream swallows a broken pipe, and the whole input would be metered for nobody; a FileStream keeps a position of its own, and in
/// <c>flowmeter read … &gt; log 2&gt;&amp;1</c> the table and the messages would overwrite each other.
/// </summary>
internal sealed class StreamHandle : OutputHandle
{
    private readonly SafeFileHandle _handle;

    private StreamHandle(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens it. A descriptor of the process stays open when this is closed.</summary>
    /// <param name="path">What to open, as <see cref="OutputPath.IsStream"/> has it.</param>
    /// <param name="waits">Whether to wait for the reader of a pipe; otherwise one without a reader is a failure with the number
    /// <see cref="Descriptors.NobodyReads"/>.</param>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static StreamHandle Open(string path, bool waits) => new(
        OutputPath.DescriptorOf(path) is { } number
            ? OperatingSystem.IsWindows() ? WindowsFiles.Standard(number) : new SafeFileHandle(number, ownsHandle: false)
        : waits ? File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
        : Descriptors.OpenToWrite(path));

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFiles.Write(_handle, bytes);
        }
        else
        {
            Descriptors.Write((int)_handle.DangerousGetHandle(), bytes);
        }

        Length += bytes.Length;
    }

    /// <summary>
    /// Appends what can be written without waiting longer than told. Returns the number of bytes; 0 if the reader takes nothing.
    /// </summary>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    public int AppendSome(ReadOnlySpan<byte> bytes, int milliseconds)
    {
        int count = Descriptors.WriteSome(_handle, bytes, milliseconds);
        Length += count;
        return count;
    }

    /// <summary>Whether it is a pipe that nobody reads any more.</summary>
    public bool IsAbandoned => !OperatingSystem.IsWindows() && Descriptors.IsAbandoned(_handle);

    /// <inheritdoc/>
    public override void Finish() => Dispose();

    /// <inheritdoc/>
    public override void Discard() => Dispose();

    /// <inheritdoc/>
    public override void Dispose() => _handle.Dispose();
}
