namespace FlowMeter.Engine.Capture;

/// <summary>A number of frames that several handles may take together, exactly.</summary>
internal sealed class FrameBudget(long frames)
{
    private long _left = frames;
    private long _unspent = frames;

    /// <summary>Whether all have been taken.</summary>
    public bool IsSpent => Volatile.Read(ref _unspent) == 0;

    /// <summary>Sets frames aside for the caller, <paramref name="most"/> or as many as are left.</summary>
    public int Reserve(int most)
    {
        while (true)
        {
            long left = Volatile.Read(ref _left);
            int reserved = (int)Math.Min(left, most);
            if (reserved == 0 || Interlocked.CompareExchange(ref _left, left - reserved, left) == left)
            {
                return reserved;
            }
        }
    }

    /// <summary>Says how many of the reserved frames came; the others are anybody's again.</summary>
    public void Spend(int reserved, int taken)
    {
        Interlocked.Add(ref _unspent, -taken);
        Interlocked.Add(ref _left, reserved - taken);
    }
}
