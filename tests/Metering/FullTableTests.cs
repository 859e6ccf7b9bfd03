using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>A table at its bound: the flow that has been idle longest leaves, and nothing is lost.</summary>
public sealed class FullTableTests
{
    [Fact]
    public void The_longest_idle_of_two_flows_leaves_for_the_third()
    {
        List<Frame> frames = [Packet(1, 0), Packet(2, 1), Packet(1, 2), Packet(3, 3), Packet(2, 4)];

        EngineResult result = new EngineMeter { MaxFlows = 2 }.Run(CaptureWriter.Pcap(frames));

        string[] rows = [.. result.Table.Rows.Select(row => $"{row[2]} {row[7]} {row[9]}").Order(StringComparer.Ordinal)];
        Assert.Equal(["10.0.0.1 resources 2", "10.0.0.2 forced 1", "10.0.0.2 resources 1", "10.0.0.3 forced 1"], rows);
        Assert.Equal(2, result.Totals!.PeakFlows);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(10, 3)]
    [InlineData(50, 2)]
    public void Every_packet_is_in_a_row_however_small_the_table(int maxFlows, int workers)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(
                Traffic.Random(seed, new TrafficShape { SpreadNs = 60_000_000_000, MaxDisorderNs = 20_000_000_000 }));
            EngineResult result = new EngineMeter { MaxFlows = maxFlows, Workers = workers, SweepFrom = seed % 2 == 0 ? 0 : long.MaxValue }
                .Run(capture);
            Assert.Equal(result.Totals!.Frames[DecodeResult.Metered], result.Sum("packets"));
            Assert.Equal(result.Totals.Frames.Bytes, result.Sum("bytes"));
            Assert.Equal(result.Totals.Flows, result.Table.Rows.Count);
            Assert.InRange(result.Totals.PeakFlows, 1, Math.Max(maxFlows, workers));
        }
    }

    /// <summary>A spoofed flood: every packet a flow of its own, twenty times as many as there is room for.</summary>
    [Fact]
    public void A_flood_of_flows_stays_in_its_memory_and_is_accounted_for()
    {
        const long Packets = 2_000_000;
        const long Room = 100_000;
        CountingConsumer consumer = new();
        using ManyFlowsSource source = new(Packets, packetsPerFlow: 1);
        using PacketBatch batch = new();
        using FlowRecordBlock block = new();
        FlowHash hash = new();
        using FragmentTable fragments = new(hash);
        using FlowWorker worker = Profile.All[0].CreateWorker(new FlowWorkerParts
        {
            Options = new FlowOptions { MaxFlows = Room },
            Hash = hash,
            Fragments = fragments,
            Consumer = consumer,
            FirstBlock = block,
        });
        while (source.TryFill(batch))
        {
            worker.Process(batch);
        }

        worker.Finish(worker.Clock.Now);

        Assert.Equal(Packets, worker.FrameCounts[DecodeResult.Metered]);
        Assert.Equal(Packets, consumer.Packets);
        Assert.Equal(Packets, consumer.Flows);
        Assert.Equal(Packets * 64, consumer.Bytes);
        Assert.Equal(Room, worker.Flows.Peak);
        Assert.Equal(Packets - Room, worker.Flows[FlowEndReason.LackOfResources]);
    }

    private static Frame Packet(int host, long timestampNs) =>
        Frame.Whole(LinkRaw, timestampNs, IPv4($"10.0.0.{host}", "192.0.2.1", UdpProtocol, Udp(5000, 53)));

    /// <summary>Counts what ended flows hold, and hands the same block back.</summary>
    private sealed class CountingConsumer : IFlowConsumer
    {
        public long Flows { get; private set; }

        public long Packets { get; private set; }

        public long Bytes { get; private set; }

        public FlowRecordBlock Exchange(FlowRecordBlock full)
        {
            for (int i = 0; i < full.Count; i++)
            {
                (ulong packets, ulong bytes) = full.Volume(i);
                Flows++;
                Packets += (long)packets;
                Bytes += (long)bytes;
            }

            full.Count = 0;
            return full;
        }

        public unsafe void LeaveOut(FlowHeader* header, int waiting)
        {
        }

        public void EndOfPackets()
        {
        }
    }
}
