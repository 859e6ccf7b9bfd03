using System.Runtime.InteropServices;
using System.Text;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>
/// What libpcap itself makes of a savefile's link type. FlowMeter reads savefiles without it and does not bind the function.
/// </summary>
internal static unsafe class SavefileLinkType
{
    /// <summary>The DLT_ value that pcap_datalink gives for a savefile.</summary>
    public static int Of(string path)
    {
        nint open = NativeLibrary.GetExport(LibPcap.Load(), "pcap_open_offline");
        nint linkType = NativeLibrary.GetExport(LibPcap.Load(), "pcap_datalink");
        byte* error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        nint capture;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            capture = ((delegate* unmanaged[Cdecl]<byte*, byte*, nint>)open)(name, error);
        }

        Assert.True(capture != 0, LibPcap.Text(error));
        int value = ((delegate* unmanaged[Cdecl]<nint, int>)linkType)(capture);
        LibPcap.pcap_close(capture);
        return value;
    }
}
