using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Input that may keep its reader waiting: standard input or a named pipe. A wait ends when the run is told to stop. Owns the stream it
/// reads.
/// </summary>
internal sealed class PipeStream(Stream stream, int descriptor, CancellationToken stop) : ReadOnlyStream
{
    // How long a signal may go unnoticed while no data comes.
    private const int PatienceMs = 50;

    // A terminal would give more behind the end that was typed, so a reader that asks twice would wait.
    private bool _isAtEnd;

    /// <summary>Standard input. Console's stream would switch a terminal to its keypad mode.</summary>
    public static PipeStream OpenStandardInput(CancellationToken stop) =>
        new(OperatingSystem.IsWindows()
            ? Console.OpenStandardInput()
            : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0), descriptor: 0, stop);

    /// <summary>Opens a pipe; that, too, waits until somebody writes to it.</summary>
    public static PipeStream Open(Func<FileStream> open, CancellationToken stop)
    {
        // The thread that is left waiting in open(2) after a stop ends with the process; nothing else interrupts it.
        Task<FileStream> opened = Task.Run(open, CancellationToken.None);
        WaitHandle.WaitAny([((IAsyncResult)opened).AsyncWaitHandle, stop.WaitHandle]);
        stop.ThrowIfCancellationRequested();
        FileStream stream = opened.GetAwaiter().GetResult();
        return new PipeStream(stream, (int)stream.SafeFileHandle.DangerousGetHandle(), stop);
    }

    /// <summary>Whether nothing has come for a moment.</summary>
    public bool IsIdle() => !_isAtEnd && !OperatingSystem.IsWindows() && !Descriptors.AwaitReadable(descriptor, PatienceMs);

    /// <summary>Reads what is there, and waits for it; once the end has come it stays.</summary>
    /// <exception cref="OperationCanceledException">The run was told to stop while there was nothing to read.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_isAtEnd || buffer.IsEmpty)
        {
            return 0;
        }

        while (!OperatingSystem.IsWindows() && !Descriptors.AwaitReadable(descriptor, PatienceMs))
        {
            stop.ThrowIfCancellationRequested();
        }

        int count = stream.Read(buffer);
        _isAtEnd = count == 0;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
