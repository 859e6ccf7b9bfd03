using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>Says which file holds the functions of each library this assembly binds, the first time one of them is called.</summary>
internal static class ImportResolver
{
    static ImportResolver() => NativeLibrary.SetDllImportResolver(typeof(ImportResolver).Assembly, Resolve);

    /// <summary>
    /// Called by the static constructor of each binding. An assembly can set its resolver once only, so the one place is here, and a
    /// program that calls no native library pays nothing.
    /// </summary>
    public static void Install()
    {
    }

    /// <summary>Loads the first file of <paramref name="names"/> that the system finds.</summary>
    /// <returns>The library's handle, never freed, or 0.</returns>
    public static nint LoadFirst(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return library;
            }
        }

        return 0;
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath) => library switch
    {
        LibPcap.Library => LibPcap.Load(),
        Zstandard.Library => Zstandard.Load(),
        OpenSsl.Ssl or OpenSsl.Crypto => OpenSsl.Load(library),
        LibRdKafka.Library => LibRdKafka.Load(),
        _ => 0,
    };
}
