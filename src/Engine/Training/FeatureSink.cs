using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Training;

/// <summary>Keeps the features of flows instead of writing them: what a model is trained with is exactly what it will be scored with. Several may share one list.</summary>
internal sealed unsafe class FeatureSink(FeatureBlock features, MeteredFlows flows) : IFlowSink
{
    /// <inheritdoc/>
    public void Write(FlowRecords records, BlockScorer? scores)
    {
        MeteredFlow[] block = new MeteredFlow[records.Count];
        for (int i = 0; i < records.Count; i++)
        {
            double[] values = new double[features.Features];
            for (int f = 0; f < values.Length; f++)
            {
                values[f] = features.Column(f)[i];
            }

            FlowIdentity* identity = records.Identity(i);
            (ulong packets, ulong bytes) = records.WholeVolume(i);
            (ulong seenPackets, ulong seenBytes) = records.IsCut(i) ? records.Volume(i) : default;
            block[i] = new MeteredFlow(
                new FlowKey(identity->Key.LowA, identity->Key.LowB, identity->Key.HighA, identity->Key.HighB, identity->Key.Tail & FlowKey.TailMask),
                (identity->State & FlowState.ForwardIsHigh) != 0,
                identity->First,
                new FlowVolume(packets, bytes, packets - seenPackets, bytes - seenBytes),
                values);
        }

        flows.Add(block);
    }

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
