namespace FlowMeter.Engine.Decode;

/// <summary>
/// Frames by their decode result, and the bytes of the metered ones. Owned and written by one worker; others may read it at any time.
/// </summary>
public sealed class FrameCounts
{
    private readonly long[] _byFate = new long[6];

    /// <summary>Frames with this decode result.</summary>
    public long this[DecodeResult result] => Volatile.Read(ref _byFate[(int)result]);

    /// <summary>All frames read; the sum over all decode results.</summary>
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

    /// <summary>
    /// Metered or not, frames that are longer on the wire than 1.5 times the MTU of any Ethernet (<see cref="LongFrame"/>): something put
    /// packets together before they were captured.
    /// </summary>
    public long LongFrames { get; internal set; }

    /// <summary>The last link type that frames were skipped for, as its number; null where there was none.</summary>
    public int? UnsupportedLinkType { get; internal set; }

    /// <summary>The most frequent EtherType of frames without IP, or a length of at most 1500 for LLC; null where none was seen.</summary>
    public int? TopUnknownType => UnknownTypes.Top;

    /// <summary>The most frequent IP protocol that the profile's flow rules leave out; null where none was.</summary>
    public int? TopProtocolOutside => ProtocolsOutside.Top;

    internal TypeTally UnknownTypes { get; } = new();

    internal TypeTally ProtocolsOutside { get; } = new();

    /// <summary>1.5 times 9,216 bytes, the largest MTU that switches are set to.</summary>
    public const uint LongFrame = 13_824;

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
            sum.LongFrames += counts.LongFrames;
            sum.UnsupportedLinkType ??= counts.UnsupportedLinkType;
            sum.UnknownTypes.Add(counts.UnknownTypes);
            sum.ProtocolsOutside.Add(counts.ProtocolsOutside);
        }

        return sum;
    }

    internal void Set(FrameCounts other)
    {
        other._byFate.CopyTo(_byFate, 0);
        Bytes = other.Bytes;
        OutsideProfile = other.OutsideProfile;
        LongFrames = other.LongFrames;
        UnsupportedLinkType = other.UnsupportedLinkType;
        UnknownTypes.Set(other.UnknownTypes);
        ProtocolsOutside.Set(other.ProtocolsOutside);
    }

    internal void Add(DecodeResult result) => _byFate[(int)result]++;

    internal void AddMetered(int count) => _byFate[(int)DecodeResult.Metered] += count;
}
