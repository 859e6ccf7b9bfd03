using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// Frames that an interface of Linux or its driver dropped, by what sysfs says: those it had no room for and those its ring had none for,
/// as libpcap counts them. Owns the open files, which are read from their start each time.
/// </summary>
internal sealed class InterfaceDrops : IDisposable
{
    private const int NumberLength = 32;

    private readonly SafeFileHandle?[] _files;
    private long _last;
    private uint _sum;

    /// <summary>Begins to count, at zero.</summary>
    public InterfaceDrops(string @interface)
    {
        _files = [Open(@interface, "rx_missed_errors"), Open(@interface, "rx_fifo_errors")];
        _last = Read() ?? 0;
    }

    /// <summary>Frames dropped since it began; as many as before where the interface is gone.</summary>
    public uint Count()
    {
        if (Read() is { } now)
        {
            _sum += unchecked((uint)(now - _last));
            _last = now;
        }

        return _sum;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle? file in _files)
        {
            file?.Dispose();
        }
    }

    private static SafeFileHandle? Open(string @interface, string name)
    {
        try
        {
            return File.OpenHandle($"/sys/class/net/{@interface}/statistics/{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A system that does not say so.
            return null;
        }
    }

    private long? Read()
    {
        long sum = 0;
        Span<byte> text = stackalloc byte[NumberLength];
        foreach (SafeFileHandle? file in _files)
        {
            try
            {
                if (file != null && Utf8Parser.TryParse(text[..RandomAccess.Read(file, text, 0)], out long number, out _))
                {
                    sum += number;
                }
            }
            catch (IOException)
            {
                return null;
            }
        }

        return sum;
    }
}
