using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>Who a flow is between, as the tables write it: an end, or all of it in one text.</summary>
internal static unsafe class FlowIdText
{
    /// <summary>Whether src is the key's endpoint B.</summary>
    public static bool ForwardIsB(FlowHeader* header) => (header->State & FlowState.ForwardIsB) != 0;

    /// <summary>The address of an end.</summary>
    public static byte* WriteAddress(byte* at, FlowHeader* header, bool isB)
    {
        // The 16 bytes of an address stand in memory as they stood in the packet, IPv4 in the last four.
        byte* address = (byte*)header + (isB ? 16 : 0);
        return header->Key.Version == 4 ? AddressText.WriteV4(at, address + 12) : AddressText.WriteV6(at, address);
    }

    /// <summary>The port of an end.</summary>
    public static byte* WritePort(byte* at, FlowHeader* header, bool isB) =>
        IntegerText.Write(at, (uint)(isB ? header->Key.PortB : header->Key.PortA));

    /// <summary>Deepfence's <c>src--dst--TCP--sport--dport</c>.</summary>
    public static byte* WriteFiveTuple(byte* at, FlowHeader* header)
    {
        bool forwardIsB = ForwardIsB(header);
        at = Write(WriteAddress(at, header, forwardIsB), "--"u8);
        at = Write(WriteAddress(at, header, !forwardIsB), "--"u8);
        at = Write(Write(at, ProtocolName(header)), "--"u8);
        at = Write(WritePort(at, header, forwardIsB), "--"u8);
        return WritePort(at, header, !forwardIsB);
    }

    /// <summary>CICFlowMeter's <c>src-dst-sport-dport-protocol</c>.</summary>
    public static byte* WritePlain(byte* at, FlowHeader* header)
    {
        bool forwardIsB = ForwardIsB(header);
        at = Write(WriteAddress(at, header, forwardIsB), "-"u8);
        at = Write(WriteAddress(at, header, !forwardIsB), "-"u8);
        at = Write(WritePort(at, header, forwardIsB), "-"u8);
        at = Write(WritePort(at, header, !forwardIsB), "-"u8);
        return IntegerText.Write(at, header->Key.Protocol);
    }

    /// <summary>AppFlowMeter's <c>YYYY-MM-DD HH:MM:SS.ffffff--src--sport--dst--dport</c>, UTC.</summary>
    public static byte* WriteStamped(byte* at, FlowHeader* header, ref TimestampText times)
    {
        const int Microseconds = 26;
        const int BetweenDateAndTime = 10;
        bool forwardIsB = ForwardIsB(header);
        times.Write(at, header->First);
        at[BetweenDateAndTime] = (byte)' ';
        at = Write(at + Microseconds, "--"u8);
        at = Write(WriteAddress(at, header, forwardIsB), "--"u8);
        at = Write(WritePort(at, header, forwardIsB), "--"u8);
        at = Write(WriteAddress(at, header, !forwardIsB), "--"u8);
        return WritePort(at, header, !forwardIsB);
    }

    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    public static ReadOnlySpan<byte> ProtocolName(FlowHeader* header) => header->Key.Protocol == 6 ? "TCP"u8 : "UDP"u8;

    /// <summary>AppFlowMeter's name for a flow, by the ports of both ends.</summary>
    public static ReadOnlySpan<byte> ApplicationName(FlowHeader* header)
    {
        (int low, int high) = (header->Key.PortA, header->Key.PortB);
        return low == 80 || high == 80 ? "HTTP"u8
            : low == 443 || high == 443 ? "HTTPS"u8
            : low == 53 || high == 53 ? "DNS"u8
            : "Others"u8;
    }

    private static byte* Write(byte* at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(at, text.Length));
        return at + text.Length;
    }
}
