using System.ComponentModel;
using System.Security.Cryptography;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// What the system refuses where nobody expects it to: the name of the working folder, random bytes, a thread, a socket, memory.
/// </summary>
internal static class SystemFailure
{
    /// <summary>Whether the system failed, not the program. What the runtime sets up once, such as sockets, fails by the type.</summary>
    public static bool Is(Exception failure) => failure is TypeInitializationException
        || failure.GetBaseException() is IOException or UnauthorizedAccessException or NotSupportedException or CryptographicException
            or OutOfMemoryException or ThreadStartException or Win32Exception;

    /// <summary>The line about it.</summary>
    public static string Describe(Exception failure) =>
        $"the system failed: {failure.GetBaseException().Message.TrimEnd('.')}; try again, and look what it lacks.";
}
