namespace FlowMeter.Tests.Oracle;

/// <summary>One key for both directions: the smaller end first.</summary>
internal readonly record struct ReferenceFlowKey(byte Protocol, ReferenceEndpoint Smaller, ReferenceEndpoint Larger)
{
    public static ReferenceFlowKey Of(in ReferencePacket packet)
    {
        return packet.Source.CompareTo(packet.Destination) <= 0
            ? new ReferenceFlowKey(packet.Protocol, packet.Source, packet.Destination)
            : new ReferenceFlowKey(packet.Protocol, packet.Destination, packet.Source);
    }
}
