using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// Signals as a child of the tests finds them. A shell starts a background job with SIGINT and SIGQUIT ignored, and nohup with SIGHUP
/// ignored. A child inherits that, and a program leaves alone what it was told to ignore: a test that sends the signal would wait in vain.
/// </summary>
internal static partial class InheritedSignals
{
    /// <summary>Gives the signals that are ignored here their default back, for every child from now on (Linux).</summary>
    public static void Restore()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        ulong ignored = Ignored("self");
        foreach (int number in (ReadOnlySpan<int>)[1, 2, 3, 15])
        {
            if ((ignored >> (number - 1) & 1) != 0)
            {
                Signal(number, handler: 0);
            }
        }
    }

    /// <summary>The signals that a process ignores, by Linux's word; signal n is bit n - 1.</summary>
    public static ulong Ignored(string process)
    {
        const string Field = "SigIgn:";
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    // signal(2); handler 0 is SIG_DFL. Only for a signal that nobody handles: signal(2) can not put back a handler that takes a siginfo_t,
    // as the runtime's do.
    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);
}
