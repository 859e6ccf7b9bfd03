using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>
/// A group of packet sockets among which Linux shares the frames of an interface (packet(7), PACKET_FANOUT), by a classic BPF program that
/// sees the addresses of the two ends alone, mixes each under a random key and adds the two, so that both directions have one sum. Ports
/// are left out on purpose. The kernel's own hash takes them in and so parts fragments from their flow, and ESP by its SPI; its flag
/// PACKET_FANOUT_FLAG_DEFRAG puts datagrams together before they are captured, so that fragments are not seen and those that wait for
/// others are counted nowhere.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed unsafe partial class PacketFanout
{
    private const int SolPacket = 263;
    private const int Fanout = 18;
    private const int FanoutData = 22;
    private const int ByProgram = 6;
    private const int UniqueId = 0x2000;

    private int _group = -1;

    /// <summary>
    /// Lets the socket of an active capture into the group; the first one founds it. Workers are numbered in the order in which they join.
    /// </summary>
    /// <exception cref="PcapException">The kernel refuses.</exception>
    public void Join(int descriptor)
    {
        bool isFirst = _group < 0;
        int value = (isFirst ? 0 : _group) | ((ByProgram | (isFirst ? UniqueId : 0)) << 16);
        Check(setsockopt(descriptor, SolPacket, Fanout, &value, sizeof(int)));
        if (!isFirst)
        {
            return;
        }

        uint length = sizeof(int);
        Check(getsockopt(descriptor, SolPacket, Fanout, &value, &length));
        _group = value & 0xFFFF;
        BpfInstruction[] shares = new FanoutProgram().Instructions;
        fixed (BpfInstruction* instructions = shares)
        {
            SocketFilter program = new() { Length = (ushort)shares.Length, Instructions = instructions };
            Check(setsockopt(descriptor, SolPacket, FanoutData, &program, (uint)sizeof(SocketFilter)));
        }
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new PcapException("The kernel refuses to share an interface between several workers: "
                + $"{Marshal.GetLastPInvokeErrorMessage()}; use --workers 1.");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);
}
