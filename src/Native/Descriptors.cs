using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// What .NET's streams can not do with a Unix file descriptor: wait no longer than told, write where the descriptor stands, so that several
/// writers of one file follow each other, open a pipe without waiting for its other end, and make a folder's entries last.
/// </summary>
public static unsafe partial class Descriptors
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int Invalid = 22;
    private const int ReadOnlyFileSystem = 30;
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int StandardCount = 3;
    private const int ReadAndWrite = 2;

    /// <summary>Bytes that a pipe takes as a whole or not at all (PIPE_BUF of pipe(7), Linux).</summary>
    public const int AtomicLength = 4096;

    /// <summary>ENOENT, the error of a name that nothing has.</summary>
    public const int NotThere = 2;

    /// <summary>ENXIO, the error of opening a pipe that has no reader.</summary>
    public const int NobodyReads = 6;

    /// <summary>EPIPE, the error of writing to a pipe whose reader went away.</summary>
    public const int BrokenPipe = 32;

    private static int NotSupported => OperatingSystem.IsLinux() ? 95 : 45;

    // O_NOFOLLOW, which Linux has elsewhere on each processor.
    private static int NoFollow => OperatingSystem.IsMacOS() ? 0x100
        : RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x2_0000;

    /// <summary>EAGAIN, the error of what would have to wait.</summary>
    public static int TryAgain => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>
    /// Whether a read would not block, or fail at once: true for regular files, for the end of a pipe and for closed descriptors.
    /// </summary>
    public static bool AwaitReadable(int descriptor, int milliseconds) => Await(descriptor, PollIn, milliseconds);

    /// <summary>Whether nobody has the other end of a pipe open for reading; the next write would fail.</summary>
    public static bool IsAbandoned(SafeFileHandle descriptor) => Await((int)descriptor.DangerousGetHandle(), events: 0, milliseconds: 0);

    /// <summary>Writes all bytes at the descriptor's own position.</summary>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            nint written = 0;
            while (written < bytes.Length)
            {
                nint count = write(descriptor, first + written, (nuint)(bytes.Length - written));
                written += Math.Max(count, 0);
                if (count < 0)
                {
                    ThrowUnlessTransient(descriptor, Marshal.GetLastPInvokeError());
                }
            }
        }
    }

    /// <summary>
    /// Writes what can be written without waiting longer than told, <see cref="AtomicLength"/> at most: as much as a pipe that is ready
    /// takes without blocking, whoever else holds it.
    /// </summary>
    /// <returns>Bytes written; 0 if nothing could be.</returns>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    public static int WriteSome(SafeFileHandle descriptor, ReadOnlySpan<byte> bytes, int milliseconds)
    {
        int number = (int)descriptor.DangerousGetHandle();
        if (!Await(number, PollOut, milliseconds))
        {
            return 0;
        }

        fixed (byte* first = bytes)
        {
            int count;
            do
            {
                count = (int)write(number, first, (nuint)Math.Min(bytes.Length, AtomicLength));
            }
            while (count < 0 && WasInterrupted);

            int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            return error == 0 ? count
                : error == TryAgain ? 0
                : throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    /// <summary>
    /// Opens those of the descriptors 0, 1 and 2 that the process was started without, so that no file of the run gets their numbers and
    /// takes what is meant for the terminal. Reading or writing them still fails, as it does where they are closed.
    /// </summary>
    public static void ReserveStandard()
    {
        const int GetFlags = 1;
        for (int number = 0; number < StandardCount; number++)
        {
            if (fcntl(number, GetFlags) < 0)
            {
                // The lowest free number is the one that is opened. Where there is no /dev/null there is nothing to be done.
                open("/dev/null", number == 0 ? WriteOnly : ReadOnly).SetHandleAsInvalid();
            }
        }
    }

    /// <summary>Opens what is there to be written, without waiting for the reader of a pipe.</summary>
    /// <exception cref="IOException">
    /// The system refuses; HResult is its error number, <see cref="NobodyReads"/> for a pipe that has no reader.
    /// </exception>
    public static SafeFileHandle OpenToWrite(string path) => Open(path, WriteOnly);

    /// <summary>
    /// Makes the names in a folder survive a power cut: fsync(2) of a file says nothing about its name. A folder that this user may not
    /// read, and one whose file system can not sync it, are left to the system: the names are there, and nobody could do more.
    /// </summary>
    /// <exception cref="IOException">The disk failed; HResult is the system's error number.</exception>
    public static void SyncFolder(string path)
    {
        try
        {
            using SafeFileHandle descriptor = Open(path, ReadOnly);
            Sync(descriptor);
        }
        catch (IOException e) when (e.HResult == AccessDenied)
        {
        }
    }

    /// <summary>
    /// Brings what was written to the disk, fsync(2), where there is one: .NET's own FlushToDisk keeps a disk's failure to itself.
    /// </summary>
    /// <exception cref="IOException">The disk failed; HResult is the system's error number.</exception>
    public static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (fsync(file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is Invalid or ReadOnlyFileSystem || error == NotSupported)
            {
                return;
            }

            ThrowUnlessInterrupted();
        }
    }

    /// <summary>Opens what is there to be read and written, unless it is a symbolic link, and waits for nobody.</summary>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    public static SafeFileHandle OpenUnlinked(string path) => Open(path, ReadAndWrite | NoFollow);

    /// <summary>
    /// Locks an open file, flock(2), without waiting. Returns false if another descriptor has the lock; file systems that know no locks
    /// have no two that see each other's.
    /// </summary>
    public static bool TryLock(SafeFileHandle file)
    {
        const int ExclusiveAtOnce = 2 | 4;
        while (flock(file, ExclusiveAtOnce) != 0)
        {
            if (!WasInterrupted)
            {
                return Marshal.GetLastPInvokeError() != TryAgain;
            }
        }

        return true;
    }

    private static SafeFileHandle Open(string path, int mode)
    {
        int nonBlocking = OperatingSystem.IsLinux() ? 0x800 : 0x4;
        int closeOnExecute = OperatingSystem.IsLinux() ? 0x8_0000 : 0x100_0000;
        while (true)
        {
            SafeFileHandle descriptor = open(path, mode | nonBlocking | closeOnExecute);
            if (!descriptor.IsInvalid)
            {
                return descriptor;
            }

            ThrowUnlessInterrupted();
        }
    }

    // A signal came, or a disk that is far away was asked to hurry: the same call again does it.
    private static bool WasInterrupted => Marshal.GetLastPInvokeError() == Interrupted;

    /// <summary>Throws what the last call failed with, unless the same call may be made again.</summary>
    /// <param name="path">What the message begins with; null: nothing.</param>
    /// <exception cref="IOException">It failed; HResult is the system's error number.</exception>
    internal static void ThrowUnlessInterrupted(string? path = null)
    {
        if (!WasInterrupted)
        {
            int error = Marshal.GetLastPInvokeError();
            string message = Marshal.GetPInvokeErrorMessage(error);
            throw new IOException(path == null ? message : $"{path}: {message}", error);
        }
    }

    private static void ThrowUnlessTransient(int descriptor, int error)
    {
        if (error == TryAgain)
        {
            // Someone made the pipe non-blocking; it is to be waited for all the same.
            _ = Await(descriptor, PollOut, -1);
        }
        else if (error != Interrupted)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    private static bool Await(int descriptor, short events, int milliseconds)
    {
        PollDescriptor entry = new() { Descriptor = descriptor, Events = events };
        int ready;
        do
        {
            ready = poll(&entry, 1, milliseconds);
        }
        while (ready < 0 && WasInterrupted);

        return ready > 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollDescriptor* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nuint count);

    // Variadic in C; without O_CREAT there is no third argument.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    // Variadic in C; F_GETFD has no third argument.
    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
