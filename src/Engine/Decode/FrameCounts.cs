namespace FlowMeter.Engine.Decode;

/// <summary>Frames by their fate, and the bytes of the metered ones. Owned and written by one worker; others may read it at any time.</summary>
public sealed class FrameCounts
{
    private readonly long[] _byFate = new long[6];

    /// <summary>Frames with this fate.</summary>
    public long this[FrameFate fate] => Volatile.Read(ref _byFate[(int)fate]);

    /// <summary>All frames read; the sum over all fates.</summary>
    public long Frames
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _byFate.Length; i++)
            {
                sum += Volatile.Read(ref _byFate[i]);
            }

            return sum;
        }
    }

    /// <summary>Wire bytes of the metered frames.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Metered frames that the profile's flow rules leave out of every flow (other protocols, later fragments).</summary>
    public long OutsideProfile { get; internal set; }

    /// <summary>The sum of several counts at this moment.</summary>
    public static FrameCounts Sum(IEnumerable<FrameCounts> all)
    {
        FrameCounts sum = new();
        foreach (FrameCounts counts in all)
        {
            for (int i = 0; i < sum._byFate.Length; i++)
            {
                sum._byFate[i] += Volatile.Read(ref counts._byFate[i]);
            }

            sum.Bytes += counts.Bytes;
            sum.OutsideProfile += counts.OutsideProfile;
        }

        return sum;
    }

    internal void Set(FrameCounts other)
    {
        other._byFate.CopyTo(_byFate, 0);
        Bytes = other.Bytes;
        OutsideProfile = other.OutsideProfile;
    }

    internal void Add(FrameFate fate) => _byFate[(int)fate]++;

    internal void AddMetered(int count) => _byFate[(int)FrameFate.Metered] += count;
}
