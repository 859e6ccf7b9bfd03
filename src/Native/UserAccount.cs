using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>A user of this machine, as passwd(5) or any other name service has it.</summary>
/// <param name="Name">The login name.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="GroupId">The number of the user's first group.</param>
public sealed unsafe partial record UserAccount(string Name, uint UserId, uint GroupId)
{
    private const int OutOfRange = 34;
    private const int FirstBuffer = 1 << 12;
    private const int LargestBuffer = 1 << 20;

    /// <summary>Looks a user up.</summary>
    /// <exception cref="PrivilegeException">There is no such user.</exception>
    public static UserAccount Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        for (int size = FirstBuffer; size <= LargestBuffer; size *= 2)
        {
            byte[] strings = new byte[size];
            fixed (byte* first = strings)
            {
                Passwd entry;
                Passwd* found = null;
                int error = getpwnam_r(name, &entry, first, (nuint)size, &found);
                if (found != null)
                {
                    return new UserAccount(name, found->UserId, found->GroupId);
                }

                if (error != OutOfRange)
                {
                    break;
                }
            }
        }

        throw new PrivilegeException($"--user {name}: there is no such user; make one (useradd --system {name}) or name another.");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(string name, Passwd* entry, byte* buffer, nuint bytes, Passwd** result);

    /// <summary>
    /// <c>struct passwd</c> up to the two numbers, which come first everywhere; room for what each system has behind them.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Passwd
    {
        public byte* Name;
        public byte* Password;
        public uint UserId;
        public uint GroupId;
        private fixed ulong _rest[16];
    }
}
