using FlowMeter.Engine.Text;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Export;

/// <summary>Who a flow is between, as the tables write it: an end, or all of it in one text.</summary>
internal static unsafe class FlowIdText
{
    /// <summary>Whether src is the key's higher endpoint.</summary>
    public static bool ForwardIsHigh(FlowIdentity* identity) => (identity->State & FlowState.ForwardIsHigh) != 0;

    /// <summary>The address of an end.</summary>
    public static byte* WriteAddress(byte* at, FlowIdentity* identity, bool isHigh)
    {
        // The 16 bytes of an address stand in memory as they stood in the packet, IPv4 in the last four.
        byte* address = (byte*)identity + (isHigh ? 16 : 0);
        return identity->Key.Version == 4 ? AddressText.WriteV4(at, address + 12) : AddressText.WriteV6(at, address);
    }

    /// <summary>The port of an end.</summary>
    public static byte* WritePort(byte* at, FlowIdentity* identity, bool isHigh) =>
        IntegerText.Write(at, (uint)(isHigh ? identity->Key.HighPort : identity->Key.LowPort));

    /// <summary>Deepfence's <c>src--dst--TCP--sport--dport</c>.</summary>
    public static byte* WriteFiveTuple(byte* at, FlowIdentity* identity)
    {
        bool forwardIsHigh = ForwardIsHigh(identity);
        at = Write(WriteAddress(at, identity, forwardIsHigh), "--"u8);
        at = Write(WriteAddress(at, identity, !forwardIsHigh), "--"u8);
        at = Write(Write(at, ProtocolName(identity)), "--"u8);
        at = Write(WritePort(at, identity, forwardIsHigh), "--"u8);
        return WritePort(at, identity, !forwardIsHigh);
    }

    /// <summary>CICFlowMeter's <c>src-dst-sport-dport-protocol</c>.</summary>
    public static byte* WritePlain(byte* at, FlowIdentity* identity)
    {
        bool forwardIsHigh = ForwardIsHigh(identity);
        at = Write(WriteAddress(at, identity, forwardIsHigh), "-"u8);
        at = Write(WriteAddress(at, identity, !forwardIsHigh), "-"u8);
        at = Write(WritePort(at, identity, forwardIsHigh), "-"u8);
        at = Write(WritePort(at, identity, !forwardIsHigh), "-"u8);
        return IntegerText.Write(at, identity->Key.Protocol);
    }

    /// <summary>AppFlowMeter's <c>YYYY-MM-DD HH:MM:SS.ffffff--src--sport--dst--dport</c>, UTC.</summary>
    public static byte* WriteStamped(byte* at, FlowIdentity* identity, ref TimestampText times)
    {
        const int Microseconds = 26;
        const int BetweenDateAndTime = 10;
        bool forwardIsHigh = ForwardIsHigh(identity);
        times.Write(at, identity->First);
        at[BetweenDateAndTime] = (byte)' ';
        at = Write(at + Microseconds, "--"u8);
        at = Write(WriteAddress(at, identity, forwardIsHigh), "--"u8);
        at = Write(WritePort(at, identity, forwardIsHigh), "--"u8);
        at = Write(WriteAddress(at, identity, !forwardIsHigh), "--"u8);
        return WritePort(at, identity, !forwardIsHigh);
    }

    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    public static ReadOnlySpan<byte> ProtocolName(FlowIdentity* identity) => identity->Key.Protocol == 6 ? "TCP"u8 : "UDP"u8;

    /// <summary>AppFlowMeter's name for a flow, by the ports of both ends.</summary>
    public static ReadOnlySpan<byte> ApplicationName(FlowIdentity* identity)
    {
        (int low, int high) = (identity->Key.LowPort, identity->Key.HighPort);
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
