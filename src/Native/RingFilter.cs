namespace FlowMeter.Native;

/// <summary>
/// The filter of a ring: what libpcap compiles of an expression for an open capture, which knows that the kernel takes VLAN tags off, and
/// before it what a handle of libpcap's leaves out by itself. The kernel does not count what a filter turns away, so its counters are those
/// of the packets that are shown.
/// </summary>
internal static unsafe class RingFilter
{
    // What the kernel knows of a packet: SKF_AD_OFF + SKF_AD_PKTTYPE.
    private const uint PacketType = unchecked((uint)(-0x1000 + 4));
    private const uint Outgoing = 4;
    private const ushort LoadByte = 0x30;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;

    /// <summary>Makes the filter.</summary>
    /// <param name="capture">The open capture; its snap length is what the filter has the kernel keep.</param>
    /// <param name="expression">The expression; null for all packets.</param>
    /// <param name="direction">Which packets.</param>
    /// <param name="isLoopback">Whether all that is sent is received, too: it is taken once, as by libpcap.</param>
    /// <exception cref="PcapException">The expression is none.</exception>
    public static BpfInstruction[] Compile(PcapCapture capture, string? expression, CaptureDirection direction, bool isLoopback)
    {
        List<BpfInstruction> instructions = [];
        if (isLoopback || direction == CaptureDirection.Received)
        {
            instructions.AddRange(Without(isTrue: 0, isFalse: 1));
        }

        if (direction == CaptureDirection.Sent)
        {
            instructions.AddRange(Without(isTrue: 1, isFalse: 0));
        }

        BpfProgram program = capture.Compile(expression ?? "");
        try
        {
            instructions.AddRange(new ReadOnlySpan<BpfInstruction>(program.Instructions, (int)program.Length));
        }
        finally
        {
            LibPcap.pcap_freecode(&program);
        }

        return [.. instructions];
    }

    private static BpfInstruction[] Without(byte isTrue, byte isFalse) =>
    [
        new() { Code = LoadByte, Operand = PacketType },
        new() { Code = JumpIfEqual, Operand = Outgoing, JumpTrue = isTrue, JumpFalse = isFalse },
        new() { Code = Return },
    ];
}
