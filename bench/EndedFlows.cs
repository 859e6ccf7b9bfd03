using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Bench;

/// <summary>A full block of ended flows of profile flowmeter, from a capture that was metered.</summary>
internal sealed class EndedFlows : IDisposable
{
    /// <summary>Flows of the block.</summary>
    public const int Count = FlowRecordBlock.Capacity;

    private readonly LastBlock _block = new();

    public EndedFlows()
    {
        using BenchCapture capture = new(new TrafficOptions { Packets = 40 * Count, ConcurrentFlows = Count, Imix = true });
        using SavefileSource source = capture.Open();
        using PacketBatch batch = new();
        FlowHash hash = new();
        using FragmentTable fragments = new(hash);
        using FlowWorker worker = Profile.All[0].CreateWorker(new FlowWorkerParts
        {
            Options = new FlowOptions(),
            Hash = hash,
            Fragments = fragments,
            Consumer = _block,
            FirstBlock = new FlowRecordBlock(),
        });
        while (source.TryFill(batch))
        {
            worker.Process(batch);
        }

        worker.Finish(worker.Clock.Now);
        Naive.Twins.MustAgree(Records.IsFull);
    }

    /// <summary>The flows.</summary>
    public FlowRecordBlock Records => _block.Records;

    /// <inheritdoc/>
    public void Dispose() => Records.Dispose();

    /// <summary>Keeps what the worker hands over; the capture has one block of flows.</summary>
    private sealed class LastBlock : IFlowConsumer
    {
        public FlowRecordBlock Records { get; private set; } = null!;

        public FlowRecordBlock Exchange(FlowRecordBlock full)
        {
            Records = full;
            return new FlowRecordBlock();
        }

        public unsafe void LeaveOut(FlowHeader* header, int waiting)
        {
        }

        public void EndOfPackets()
        {
        }
    }
}
