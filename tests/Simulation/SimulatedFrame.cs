using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Simulation;

/// <summary>A frame on the wire.</summary>
/// <param name="Stamped">With the time that the wall clock gave it.</param>
/// <param name="Now">When it came by the monotonic clock.</param>
/// <param name="IsBeforeStart">Whether it came before all handles of its interface shared the frames: every one of them got it.</param>
internal readonly record struct SimulatedFrame(Frame Stamped, long Now, bool IsBeforeStart);
