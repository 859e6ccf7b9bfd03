using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>Why the kernel refuses AF_XDP, and what to do.</summary>
internal static class XdpRefusal
{
    /// <summary>EBUSY: somebody else has what was asked for.</summary>
    public const int Busy = 16;

    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NoSuchFamily = 97;
    private const int NetworkDown = 100;
    private const int NoBufferSpace = 105;

    /// <summary>The reason of the call that failed last, which leads into a sentence.</summary>
    public static string Last() => Marshal.GetLastPInvokeError() switch
    {
        NotPermitted or AccessDenied => "not permitted; AF_XDP takes root, or CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF",
        Busy => "busy; another program has it (ip link show, ss --xdp)",
        NoSuchFamily => "this kernel has no AF_XDP; leave --af-xdp out",
        NetworkDown => "the interface is down; bring it up first (ip link set)",
        NoBufferSpace => "this user may not lock so much memory; raise ulimit -l above the buffers of all queues, lower --buffer, or give "
            + "CAP_IPC_LOCK",
        var error => $"{Marshal.GetPInvokeErrorMessage(error)}; leave --af-xdp out if it stays so",
    };
}
