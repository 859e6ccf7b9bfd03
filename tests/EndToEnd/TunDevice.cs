using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A device of any ARPHRD_ type, so that libpcap gives it any link type, in the network namespace of the thread that makes it. Goes with
/// the object.
/// </summary>
internal sealed unsafe partial class TunDevice : IDisposable
{
    private const nuint SetDevice = 0x400454CA;
    private const nuint SetKind = 0x400454CD;
    private const int Request = 40;
    private const short WithoutHeader = 0x1001;

    private readonly SafeFileHandle _file = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);

    public TunDevice(string name, int kind)
    {
        byte* request = stackalloc byte[Request];
        new Span<byte>(request, Request).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(short*)(request + 16) = WithoutHeader;
        if (ioctl((int)_file.DangerousGetHandle(), SetDevice, (nint)request) != 0
            || ioctl((int)_file.DangerousGetHandle(), SetKind, kind) != 0)
        {
            throw new Win32Exception();
        }
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, nint argument);
}
