using FlowMeter.Engine.Text;
using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>What the error number of a failed write means to the user.</summary>
internal static class OutputFailure
{
    // ENOSPC, and EDQUOT of Linux and of macOS.
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;

    /// <summary>
    /// Whether the system refused. One that does not say where a file stands makes .NET take it for a stream (NotSupportedException).
    /// </summary>
    public static bool Is(Exception failure) => failure is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Whether there is no room for more, on the disk or for this user.</summary>
    public static bool IsFull(Exception failure) =>
        failure.HResult is NoSpace or LinuxQuota || (OperatingSystem.IsMacOS() && failure.HResult is MacQuota);

    /// <summary>The reason as a part of a sentence.</summary>
    public static string ReasonOf(Exception failure) => failure.HResult switch
    {
        Descriptors.BrokenPipe => "its reader went away",
        Descriptors.NobodyReads => "nobody reads it",
        _ => FailureReason.Of(failure),
    };
}
