namespace FlowMeter.Engine.Decode;

/// <summary>Frames by their fate, and the bytes of the metered ones. Owned and written by one worker; others may read it at any time.</summary>
public sealed class FrameCounts
{
    private readonly long[] _byFate = new long[5];

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

    /// <summary>The counts of several workers together, as they are now.</summary>
    internal static FrameCounts Sum(IEnumerable<FrameCounts> parts)
    {
        FrameCounts sum = new();
        foreach (FrameCounts part in parts)
        {
            for (int i = 0; i < sum._byFate.Length; i++)
            {
                sum._byFate[i] += Volatile.Read(ref part._byFate[i]);
            }

            sum.Bytes += part.Bytes;
            sum.OutsideProfile += part.OutsideProfile;
        }

        return sum;
    }

    internal void Add(FrameFate fate) => _byFate[(int)fate]++;

    internal void AddMetered(int count) => _byFate[(int)FrameFate.Metered] += count;
}
