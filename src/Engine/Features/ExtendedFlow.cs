using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>What profile <c>extended</c> knows of an ended flow beyond its <see cref="FlowSums"/>.</summary>
internal readonly unsafe ref struct ExtendedFlow(PayloadSums* own, byte forwardEnd, ulong forwardPackets, ulong backwardPackets)
{
    /// <summary>Changes of direction and first data packets.</summary>
    public readonly PayloadSums* Own = own;

    /// <summary>Payloads and flags of the forward end.</summary>
    public readonly PayloadSide* Forward = &own->Low + forwardEnd;

    /// <summary>Payloads and flags of the other end.</summary>
    public readonly PayloadSide* Backward = &own->High - forwardEnd;

    /// <summary>Forward packets.</summary>
    public readonly ulong ForwardPackets = forwardPackets;

    /// <summary>Backward packets.</summary>
    public readonly ulong BackwardPackets = backwardPackets;

    /// <summary>Forward packets with payload.</summary>
    public ulong ForwardData => Forward->Counters[PayloadSide.DataPackets];

    /// <summary>Backward packets with payload.</summary>
    public ulong BackwardData => Backward->Counters[PayloadSide.DataPackets];

    /// <summary>Payload of both directions, as a divisor.</summary>
    public double Bytes => (double)Forward->Bytes + Backward->Bytes;

    /// <summary>The payload size of the data packet kept at a place: negative for a backward one, 0 where there is none.</summary>
    public double SignedLength(int place)
    {
        double length = Own->Lengths[place];
        return length == 0 || Own->IsFromB(place) == (forwardEnd != 0) ? length : -length;
    }
}
