using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Features;

public sealed class FirstPacketsExtractorTests
{
    /// <summary>A clock that jumps between 1970 and 2106 makes gaps whose squares do not fit 128 bits together.</summary>
    [Theory]
    [InlineData(15, 1)]
    [InlineData(83, 1)]
    [InlineData(83, 2)]
    [InlineData(200, 3)]
    public void Deviations_of_absurd_gaps_are_right_too(int packets, int period)
    {
        List<Frame> frames = [];
        for (int i = 0; i < packets; i++)
        {
            long time = (i / period % 2 * 4_294_967_295_000_000_000) + (i * 1000);
            byte[] packet = i % 4 == 3
                ? IPv4("10.0.0.2", "10.0.0.1", UdpProtocol, Udp(53, 5000))
                : IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(5000, 53));
            frames.Add(Frame.Whole(LinkRaw, time, packet));
        }

        EngineResult result = new EngineMeter { Profile = "deepfence" }.Run(CaptureWriter.Pcap(frames));

        Assert.Null(RecordComparison.FirstDifference(result.Table, ReferenceDeepfence.Run(frames), relative: 1e-9));
    }
}
