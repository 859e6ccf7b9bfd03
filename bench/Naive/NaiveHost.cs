namespace FlowMeter.Bench.Naive;

/// <summary>What a host did in one role.</summary>
internal sealed class NaiveHost
{
    private const long Second = 1_000_000_000;

    private readonly DampedCount _flows = new();
    private readonly DampedCount _answered = new();
    private readonly DampedCount _long = new();
    private readonly long?[] _peers = new long?[32];
    private readonly long?[] _services = new long?[32];
    private long? _lastDns;

    public NaiveView Begin(ulong peerCell, ulong serviceCell, bool isDns, double[] sameService, double[] samePeer, long time)
    {
        NaiveView view = new(
            _flows.At(time), _answered.At(time), _long.At(time), sameService, samePeer, Hit(_peers, time), Hit(_services, time),
            time - _lastDns <= 5 * Second);
        _flows.Add(time);
        _peers[peerCell % 32] = time;
        _services[serviceCell % 32] = time;
        _lastDns = isDns ? time : _lastDns;
        return view;
    }

    public void Answer(long start) => _answered.Add(start);

    public void ReachSix(long start) => _long.Add(start);

    /// <summary>Cells hit within each window.</summary>
    private static int[] Hit(long?[] cells, long time)
    {
        int[] hit = new int[3];
        foreach (long? cell in cells)
        {
            if (cell is { } last)
            {
                long steps = (time / (Second / 32)) - (last / (Second / 32));
                hit[0] += steps <= 2 * 32 ? 1 : 0;
                hit[1] += steps <= 60 * 32 ? 1 : 0;
                hit[2] += steps <= 600 * 32 ? 1 : 0;
            }
        }

        return hit;
    }
}
