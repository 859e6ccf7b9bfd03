using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Simulation.SimulatedClock;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Simulation;

/// <summary>What seeds have found, each as small as it can be.</summary>
public sealed class FoundBySeedsTests
{
    private const int Orders = 20;

    [Fact]
    public void A_clock_set_back_by_seconds_parts_no_flow_that_goes_on()
    {
        // Of a flow whose packets are half an idle timeout apart, with silence between them.
        SimulationPlan plan = SimulationPlan.Plain([.. Enumerable.Range(0, 30).Select(i => Packet(i / 2.0))], 16 * Second) with
        {
            Events = [(4 * Second, SimulationEvent.ClockStep, -10 * Second)],
        };
        Holds(plan);
    }

    [Fact]
    public void A_ring_that_was_not_looked_at_is_not_empty()
    {
        // The second packet is in the ring when libpcap tells that the interface is gone.
        SimulationPlan plan = SimulationPlan.Plain([Packet(0), Packet(0.9)], 3 * Second) with
        {
            Events =
            [
                (Second / 2, SimulationEvent.WorkersStall, 2 * Second),
                (Second, SimulationEvent.InterfaceDown, 0),
            ],
        };
        Holds(plan);
    }

    [Fact]
    public void Frames_from_before_all_handles_shared_them_are_ignored_however_late_the_first_look()
    {
        SimulationPlan plan = SimulationPlan.Plain([Packet(0), Packet(1.5), Packet(2)], 3 * Second) with
        {
            Handles = 3,
            Events = [(0, SimulationEvent.WorkersStall, 5 * Second / 4)],
        };
        Holds(plan);
    }

    [Fact]
    public void What_a_disk_tears_and_refuses_to_cut_is_cut_before_the_file_gets_its_name()
    {
        string header = string.Join(',', Enumerable.Range(0, 20)) + "\n";
        for (int order = 0; order < Orders; order++)
        {
            SimulatedClock clock = new();
            SimulatedDisk disk = new(new Random(order));
            FileNamePattern pattern = new($"{SimulatedDisk.Folder}/flows.csv");
            using ResilientOutput output = new(
                "flows.csv", new RotatingFileTarget(disk, pattern, Rotation.Never, RowFraming.Lines, clock, _ => { }), RowFraming.Lines,
                clock,
                _ => { });
            output.Begin(Encoding.UTF8.GetBytes(header));
            foreach (DiskFault fault in (ReadOnlySpan<DiskFault>)[DiskFault.None, DiskFault.Faulty, DiskFault.Faulty, DiskFault.None])
            {
                disk.Fault = fault;
                output.Write(Encoding.UTF8.GetBytes(header.Replace('0', '9') + header.Replace('0', '8')));
                clock.Now += 2 * Second;
            }

            output.Complete();
            Assert.Null(disk.Violation);
            SimulationRows rows = SimulationRows.Of(disk, withPartial: false);
            Assert.Equal((rows.Table.Rows.Count, 8), ((int)output.Rows, (int)(output.Rows + output.LostRows)));
        }
    }

    /// <summary>Whatever the order of steps.</summary>
    private static void Holds(SimulationPlan plan)
    {
        for (int order = 0; order < Orders; order++)
        {
            using Simulation simulation = new(order, plan);
            Assert.Null(simulation.Run());
        }
    }

    private static TimedFrame Packet(double second)
    {
        byte[] packet = IPv4("10.0.0.1", "192.0.2.1", UdpProtocol, Udp(3000, 4000));
        return new TimedFrame((long)(second * Second), Frame.Whole(LinkEthernet, 0, Ethernet(EtherIPv4, packet)), 0, 0);
    }
}
