using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>Rows in compressed blocks, as <see cref="CompressedOutput"/> makes them.</summary>
internal sealed class CompressedFraming(OutputCompression compression) : BlockFraming
{
    internal override (long Length, long Rows)? Measure(ReadOnlySpan<byte> start) =>
        compression == OutputCompression.Gzip ? GzipMember.Measure(start) : ZstandardFrame.Measure(start);
}
