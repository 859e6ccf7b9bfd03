namespace FlowMeter.Tests.Support;

/// <summary>The block that frames are written in.</summary>
internal enum PcapNgPacketBlock
{
    Enhanced,
    Simple,
    Obsolete,
}
