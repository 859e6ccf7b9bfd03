using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>All frames before the end, and what the end was.</summary>
internal sealed record ReferenceCapture(List<Frame> Frames, CaptureEnding Ending);
