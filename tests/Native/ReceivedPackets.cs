using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>Copies of the packets that a capture hands to a callback.</summary>
internal static unsafe class ReceivedPackets
{
    /// <summary>Those that are there, or come within the read timeout.</summary>
    public static List<(PcapPacketHeader Header, byte[] Bytes)> Of(PcapCapture capture)
    {
        List<(PcapPacketHeader, byte[])> packets = [];
        GCHandle handle = GCHandle.Alloc(packets);
        try
        {
            int count = capture.Dispatch(-1, &Add, (void*)GCHandle.ToIntPtr(handle));
            Assert.Equal(packets.Count, count);
        }
        finally
        {
            handle.Free();
        }

        return packets;
    }

    /// <summary>The first packet that comes within five seconds, and no other.</summary>
    public static (PcapPacketHeader Header, byte[] Bytes) One(PcapCapture capture)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            List<(PcapPacketHeader Header, byte[] Bytes)> packets = Of(capture);
            if (packets.Count > 0)
            {
                return Assert.Single(packets);
            }
        }

        throw new TimeoutException("no packet came");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Add(byte* user, PcapPacketHeader* header, byte* packet) =>
        ((List<(PcapPacketHeader, byte[])>)GCHandle.FromIntPtr((nint)user).Target!)
            .Add((*header, new ReadOnlySpan<byte>(packet, (int)header->CapturedLength).ToArray()));
}
