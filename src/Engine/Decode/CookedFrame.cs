namespace FlowMeter.Engine.Decode;

/// <summary>
/// What Linux's cooked captures hold (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2): the ARPHRD_ type of the device says whether the protocol
/// field means anything.
/// </summary>
internal static unsafe class CookedFrame
{
    private const ushort LogicalLink = 4;

    public static DecodeResult Decode(
        ushort device, ushort protocol, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const ushort PointToPoint = 512;
        const ushort RawIP = 519;
        const ushort FrameRelay = 770;
        const ushort Wireless = 801;
        const ushort Prism = 802;
        const ushort Radiotap = 803;
        const ushort Netlink = 824;
        const ushort NoHeader = 0xFFFE;
        switch (device)
        {
            case FrameRelay or Netlink:
                return DecodeResult.NonIp;
            case Wireless:
                return WirelessFrame.Decode(at, length, false, internet, ref headers);
            case Prism:
                return WirelessFrame.Prism(at, length, internet, ref headers);
            case Radiotap:
                return WirelessFrame.Radiotap(at, length, internet, ref headers);
            case PointToPoint when protocol == 0:
                return PointToPointFrame.Decode(at, length, internet, ref headers);
            case RawIP or NoHeader when protocol == 0:
                return LinkLayer.ByVersion(at, length, DecodeResult.NonIp, internet, ref headers);
            default:
                return protocol is LogicalLink or > 1500
                    ? LinkLayer.EtherType(protocol, at, length, internet, ref headers)
                    : DecodeResult.NonIp;
        }
    }
}
