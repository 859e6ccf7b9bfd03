using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <content>Names of files. .NET's own way takes a failed look at either name for a name that nothing has.</content>
public static unsafe partial class Descriptors
{
    /// <summary>Gives a file another name, in place of what has it, rename(2).</summary>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    public static void Rename(string from, string to)
    {
        while (rename(from, to) != 0)
        {
            ThrowUnlessInterrupted();
        }
    }

    /// <summary>
    /// Gives a file a name that nothing has, renameat2(2). A file system that can not see to that replaces what got the name in the moment
    /// since the caller looked.
    /// </summary>
    /// <exception cref="IOException">Something has the name, or the system refuses; HResult is its error number.</exception>
    [SupportedOSPlatform("linux")]
    public static void RenameToFree(string from, string to)
    {
        const int WorkingFolder = -100;
        const uint NoReplace = 1;
        const int NoSuchCall = 38;
        while (renameat2(WorkingFolder, from, WorkingFolder, to, NoReplace) != 0)
        {
            if (Marshal.GetLastPInvokeError() is Invalid or NoSuchCall)
            {
                Rename(from, to);
                return;
            }

            ThrowUnlessInterrupted();
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);
}
