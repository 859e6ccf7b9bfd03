using FlowMeter.Engine.Capture;

namespace FlowMeter.Learning.Data;

/// <summary>Flows over the time in which they came, capture by capture.</summary>
/// <param name="Flows">Number of flows.</param>
/// <param name="Nanoseconds">From the first flow of each capture to its last, summed.</param>
internal readonly record struct FlowRate(long Flows, double Nanoseconds)
{
    private const double Hour = 3600.0 * CaptureTime.Second;

    /// <summary>Flows a day; null where there is less than an hour to tell by, or no flow.</summary>
    public double? ADay => Flows > 0 && Nanoseconds >= Hour ? Flows / Nanoseconds * 24 * Hour : null;

    /// <summary>The same with another capture.</summary>
    public FlowRate With(long flows, double nanoseconds) => new(Flows + flows, Nanoseconds + (flows > 0 ? nanoseconds : 0));
}
