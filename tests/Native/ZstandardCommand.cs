using System.ComponentModel;
using System.Diagnostics;

namespace FlowMeter.Tests.Native;

/// <summary>The <c>zstd</c> program, which compresses what the tests decompress.</summary>
internal static class ZstandardCommand
{
    public static bool IsAvailable
    {
        get
        {
            try
            {
                Run("--version");
                return true;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    public static byte[] Compress(byte[] data, params string[] options)
    {
        using TemporaryFile source = new();
        using TemporaryFile target = new();
        File.WriteAllBytes(source.Path, data);
        Run([.. options, "-q", "-f", source.Path, "-o", target.Path]);
        return File.ReadAllBytes(target.Path);
    }

    private static void Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("zstd", arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
