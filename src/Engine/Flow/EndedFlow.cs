using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Flow;

/// <summary>An ended flow as the rules about hosts see it.</summary>
internal static unsafe class EndedFlow
{
    private const FlowState Both = FlowState.SeenA | FlowState.SeenB;

    /// <summary>Sees a flow.</summary>
    /// <param name="header">Who it is between.</param>
    /// <param name="packets">Its packets; 0 where they are not known.</param>
    /// <param name="content">What its payloads begin with; null where the profile does not look.</param>
    public static HostFlow Of(FlowHeader* header, long packets, FlowContent* content)
    {
        bool forwardIsB = (header->State & FlowState.ForwardIsB) != 0;
        (ulong Upper, ulong Lower, ushort Port) a = (header->Key.AUpper, header->Key.ALower, header->Key.PortA);
        (ulong Upper, ulong Lower, ushort Port) b = (header->Key.BUpper, header->Key.BLower, header->Key.PortB);
        ((ulong Upper, ulong Lower, ushort Port) source, (ulong Upper, ulong Lower, ushort Port) destination) = forwardIsB
            ? (b, a)
            : (a, b);
        TalkKey key = new(
            source.Upper, source.Lower, destination.Upper, destination.Lower, destination.Port, header->Key.Protocol, header->Version);
        bool isLogin = HostThresholds.IsLogin(key.Protocol, key.Port)
            || (content != null && (IsLogin(content->FirstOfA.Protocol) || IsLogin(content->FirstOfB.Protocol)));
        return new HostFlow(
            key, header->Last, packets, (header->State & Both) == Both, (header->State & FlowState.Reset) != 0, isLogin);
    }

    private static bool IsLogin(PayloadProtocol protocol) =>
        protocol is PayloadProtocol.Ssh or PayloadProtocol.Smb1 or PayloadProtocol.Smb2 or PayloadProtocol.Rdp;
}
