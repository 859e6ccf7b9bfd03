using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Keeps the features of ended flows instead of writing rows, so a model is trained with exactly the values that it will score. One sink
/// for each exporting thread; all of a capture share one <see cref="MeteredFlows"/>.
/// </summary>
/// <param name="features">The block in which the exporter leaves the features; it stays the exporter's.</param>
/// <param name="flows">Receives the flows.</param>
internal sealed unsafe class FeatureSink(FeatureBlock features, MeteredFlows flows) : IFlowSink
{
    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        MeteredFlow[] block = new MeteredFlow[records.Count];
        for (int i = 0; i < records.Count; i++)
        {
            double[] values = new double[features.Features];
            for (int f = 0; f < values.Length; f++)
            {
                values[f] = features.Column(f)[i];
            }

            FlowHeader* header = records.Header(i);
            (ulong packets, ulong bytes) = records.WholeVolume(i);
            (ulong seenPackets, ulong seenBytes) = records.IsCut(i) ? records.Volume(i) : default;
            block[i] = new MeteredFlow(
                new FlowKey(
                    header->Key.AUpper,
                    header->Key.ALower,
                    header->Key.BUpper,
                    header->Key.BLower,
                    header->Key.Tail & FlowKey.TailMask),
                (header->State & FlowState.ForwardIsB) != 0,
                header->First,
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
