using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Synthetic;

/// <summary>A frame in memory.</summary>
internal readonly unsafe struct LoadedFrame(byte* data, uint capturedLength, uint wireLength, long time, LinkType linkType)
{
    public readonly byte* Data = data;
    public readonly uint CapturedLength = capturedLength;
    public readonly uint WireLength = wireLength;
    public readonly long Time = time;
    public readonly LinkType LinkType = linkType;
}
