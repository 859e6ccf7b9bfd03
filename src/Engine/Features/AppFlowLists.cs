namespace FlowMeter.Engine.Features;

/// <summary>
/// What profile <c>appflow</c> knows of an ended flow: numbers of packets, durations in seconds, and statistics of its lists, lengths in
/// bytes and gaps in seconds.
/// </summary>
internal struct AppFlowLists
{
    public ulong Packets;
    public ulong Forward;
    public ulong Backward;

    /// <summary>Packets that begin with an HTTP status line of 200.</summary>
    public ulong Successes;
    public double Duration;
    public double ForwardDuration;
    public double BackwardDuration;
    public ListStatistics Lengths;
    public ListStatistics ForwardLengths;
    public ListStatistics BackwardLengths;
    public ListStatistics ForwardLengthDifferences;
    public ListStatistics BackwardLengthDifferences;
    public ListStatistics ForwardGaps;
    public ListStatistics BackwardGaps;
}
