namespace FlowMeter.Tests.Oracle;

/// <summary>Everything a run of the reference has to say: the records, in no particular order, and the summary's counts.</summary>
internal sealed class ReferenceResult
{
    private readonly long[] _frames = new long[Enum.GetValues<ReferenceOutcome>().Length];

    public List<ReferenceRecord> Records { get; } = [];

    /// <summary>The flows that the records are of.</summary>
    public List<ReferenceFlow> Flows { get; } = [];

    /// <summary>Metered packets older than the newest of their flow.</summary>
    public long OutOfOrder { get; set; }

    public long ClockJumps { get; set; }

    /// <summary>Frames read; the sum over all outcomes.</summary>
    public long Frames => _frames.Sum();

    public long this[ReferenceOutcome outcome] => _frames[(int)outcome];

    public void Count(ReferenceOutcome outcome) => _frames[(int)outcome]++;
}
