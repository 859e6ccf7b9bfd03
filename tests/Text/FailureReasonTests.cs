using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Text;

public sealed class FailureReasonTests
{
    [Theory]
    [InlineData("Input/output error : '/srv/a.pcap'", "Input/output error")]
    [InlineData("Input/output error : '/srv/a : 'b'.pcap'", "Input/output error")]
    [InlineData("Too many open files.", "Too many open files")]
    [InlineData("The zstd stream is damaged: checksum.", "The zstd stream is damaged: checksum")]
    public void A_reason_names_no_path_and_has_no_full_stop(string message, string reason) =>
        Assert.Equal(reason, FailureReason.Of(new IOException(message)));
}
