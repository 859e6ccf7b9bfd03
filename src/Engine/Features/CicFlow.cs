using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>What profile <c>cic</c> knows of an ended flow. Sizes are payloads.</summary>
internal readonly unsafe ref struct CicFlow
{
    /// <summary>A second in ns.</summary>
    public const double Second = 1e9;

    /// <summary>Packets, payloads and gaps.</summary>
    public readonly FlowSums Sums;

    /// <summary>What else the profile keeps of a flow.</summary>
    public readonly BulksAndSpans* Own;

    /// <summary>The endpoint that sends forward: 0 for A, 1 for B.</summary>
    public readonly int ForwardEnd;

    /// <summary>The duration in seconds.</summary>
    public readonly double Seconds;

    /// <summary>Squares, minimum and maximum of the spans between idle gaps, the last one among them.</summary>
    public readonly GapSums Active;

    /// <summary>How many there are.</summary>
    public readonly ulong ActiveSpans;

    /// <param name="sums">Its sums.</param>
    /// <param name="own">What the profile keeps of it.</param>
    /// <param name="forwardEnd">The end that sends forward.</param>
    /// <param name="last">Newest time of the flow, ns.</param>
    public CicFlow(FlowSums sums, BulksAndSpans* own, int forwardEnd, long last)
    {
        Sums = sums;
        Own = own;
        ForwardEnd = forwardEnd;
        Seconds = sums.Duration / Second;
        Active = own->Active;
        ActiveSpans = own->ActiveSpans;

        // The span that the flow ended in is an active one, too, if it lasted.
        if (last > own->SpanStart)
        {
            Active.Add((ulong)(last - own->SpanStart));
            ActiveSpans++;
        }
    }

    /// <summary>What is not idle is active, ns.</summary>
    public ulong ActiveTime => Sums.Duration - Own->IdleTime;

    /// <summary>
    /// Packets of one end with a TCP flag: endpoint A has a counter of its own, endpoint B's are the rest of the flow's.
    /// </summary>
    public ulong FlagsOf(int end, int flag, int counterOfLow)
    {
        ulong low = Own->Counts[counterOfLow];
        return end == 0 ? low : Own->Flags[flag] - low;
    }
}
