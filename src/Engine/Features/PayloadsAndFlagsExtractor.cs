using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>The 96 features of profile <c>extended</c>: those of <c>flowmeter</c>, then 57 of payloads, flags and first data packets (SPEC §8).</summary>
internal sealed unsafe class PayloadsAndFlagsExtractor : FeatureExtractor
{
    private const int TcpFlags = 6;

    private readonly SizesAndGapsExtractor _common = new();

    /// <inheritdoc/>
    public override void Extract(FlowRecords records, FeatureBlock block)
    {
        _common.Extract(records, block);
        for (int i = 0; i < records.Count; i++)
        {
            Extract(records, block, i);
        }
    }

    /// <inheritdoc/>
    protected override void DisposeOwn() => _common.Dispose();

    private void Extract(FlowRecords records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        PayloadSums* own = records.Columns.Own<PayloadSums>(row);
        bool forwardIsHigh = (records.Columns.Identity(row)->State & FlowState.ForwardIsHigh) != 0;
        byte forwardEnd = forwardIsHigh ? (byte)1 : (byte)0;
        PayloadSide* forward = &own->Low + forwardEnd;
        PayloadSide* backward = &own->High - forwardEnd;
        ulong forwardPackets = Side(records, row, forwardEnd)->Packets;
        ulong backwardPackets = Side(records, row, (byte)(1 - forwardEnd))->Packets;
        ulong forwardData = forward->Counters[PayloadSide.DataPackets];
        ulong backwardData = backward->Counters[PayloadSide.DataPackets];
        double packets = forwardPackets + backwardPackets;
        double bytes = (double)forward->Bytes + backward->Bytes;

        FeatureRow to = new(block, i, FlowMeterProfile.Features.Count);
        to.Whole(forward->Bytes + backward->Bytes);
        to.Whole(forward->Bytes);
        to.Whole(backward->Bytes);
        to.Whole(forwardData + backwardData);
        to.Whole(forwardData);
        to.Whole(backwardData);
        SetSizes(ref to, forward, forwardPackets);
        SetSizes(ref to, backward, backwardPackets);
        SetSizes(ref to, forward, forwardData);
        SetSizes(ref to, backward, backwardData);
        to.Whole(own->Changes);
        to.Ratio(forwardData + backwardData, packets);
        to.Ratio(forward->Bytes, bytes);
        to.Ratio(own->Changes, packets);
        SetFlags(ref to, forward);
        SetFlags(ref to, backward);
        SetFirst(ref to, own, forwardIsHigh);
    }

    /// <summary>Mean, deviation, least and most over <paramref name="packets"/>, of which those without payload add nothing to any sum.</summary>
    private static void SetSizes(ref FeatureRow to, PayloadSide* side, ulong packets)
    {
        ulong data = side->Counters[PayloadSide.DataPackets];
        UInt128 squares = new(side->Counters[PayloadSide.Carries], side->Squares);
        to.Ratio(side->Bytes, packets);
        to.Ratio(Math.Sqrt(ExactVariance.Numerator(packets, side->Bytes, squares)), packets);
        to.Whole(data == 0 || packets > data ? 0 : side->Minimum);
        to.Whole(side->Maximum);
    }

    private static void SetFlags(ref FeatureRow to, PayloadSide* side)
    {
        for (int flag = 0; flag < TcpFlags; flag++)
        {
            to.Whole(side->Counters[flag]);
        }
    }

    private static void SetFirst(ref FeatureRow to, PayloadSums* own, bool forwardIsHigh)
    {
        for (int place = 0; place < PayloadSums.Kept; place++)
        {
            double length = own->Lengths[place];
            to.Real(length == 0 || own->IsHigh(place) == forwardIsHigh ? length : -length);
        }

        for (int place = 1; place < PayloadSums.Kept; place++)
        {
            to.Time(own->Gaps[place - 1]);
        }
    }
}
