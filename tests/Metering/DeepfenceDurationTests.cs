using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>Profile deepfence leaves out flows whose last packet is older than their first, as the Go program does (SPEC §5).</summary>
public sealed class DeepfenceDurationTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 0, 1)]
    [InlineData(1, -0.001, 0)]
    [InlineData(3, -0.001, 0)]
    public void A_flow_that_runs_backwards_is_left_out_and_counted(int workers, double last, int rows)
    {
        Frame[] frames = [.. Enumerable.Range(0, 19).Select(i => Samples.Udp(1, i)), Samples.Udp(1, last)];
        EngineResult result = new EngineMeter { Profile = "deepfence", Workers = workers }.Run(CaptureWriter.Pcap(frames));

        Assert.Equal(rows, result.Table.Rows.Count);
        Assert.Equal((1 - rows, 0), (result.Totals!.Backwards, result.Totals.BelowMinimum));
        Assert.Equal(rows, ReferenceDeepfence.Run(frames).Rows.Count);
    }

    [Fact]
    public void A_TCP_header_whose_length_was_not_captured_counts_no_bytes()
    {
        byte[] packet = PacketBuilder.IPv4(
            "10.0.0.1", "10.0.0.2", PacketBuilder.TcpProtocol, PacketBuilder.Tcp(40_000, 443, PacketBuilder.Ack));
        Frame whole = Samples.Ethernet(0, packet);
        EngineResult result = new EngineMeter { Profile = "cic" }.Run(
            CaptureWriter.Pcap([whole with { Captured = whole.Captured[..46] }, whole]));

        Assert.Equal(["20"], result.Table.Texts("Fwd Header Length"));
    }
}
