namespace FlowMeter.Engine.Hosts;

/// <summary>What the rules about hosts see of a flow.</summary>
/// <param name="Key">Who talks to which service of whom.</param>
/// <param name="End">The time of its newest packet, ns since the epoch.</param>
/// <param name="Packets">Its packets; 0 where that is not known, because the flow had too few to get a row.</param>
/// <param name="IsAnswered">Whether both ends sent a packet.</param>
/// <param name="IsReset">Whether either end sent a TCP RST.</param>
/// <param name="IsLogin">Whether its destination is a service that asks for a password first (<see cref="HostThresholds"/>).</param>
/// <param name="LogOdds">The log-odds of its score; null where the model judges no flow of so few packets, or there is none.</param>
/// <param name="IsMalicious">Whether its verdict is malicious.</param>
internal readonly record struct HostFlow(
    TalkKey Key, long End, long Packets, bool IsAnswered, bool IsReset, bool IsLogin, double? LogOdds = null, bool IsMalicious = false)
{
    // A handshake of three packets and a close; whoever gets to six has said something.
    private const long Short = 6;

    /// <summary>Whether it came to nothing: no answer, or reset before its sixth packet.</summary>
    public bool IsFailed => !IsAnswered || (IsReset && Packets < Short);
}
