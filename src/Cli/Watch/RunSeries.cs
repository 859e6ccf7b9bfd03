namespace FlowMeter.Cli.Watch;

/// <summary>The samples of the last hour, one a second. One thread adds; any thread reads.</summary>
internal sealed class RunSeries
{
    /// <summary>Samples that are kept.</summary>
    public const int Capacity = 3600;

    private readonly RunSample[] _samples = new RunSample[Capacity];
    private readonly Lock _lock = new();
    private long _count;

    /// <summary>Samples that were ever added.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The newest sample and the one before; the same where there is one only.</summary>
    public (RunSample Before, RunSample Now) Newest
    {
        get
        {
            lock (_lock)
            {
                return _count == 0
                    ? default
                    : (_samples[Math.Max(_count - 2, 0) % Capacity], _samples[(_count - 1) % Capacity]);
            }
        }
    }

    /// <summary>Adds a sample in place of the oldest.</summary>
    public void Add(in RunSample sample)
    {
        lock (_lock)
        {
            _samples[_count % Capacity] = sample;
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>All samples, the oldest first.</summary>
    public RunSample[] ToArray()
    {
        lock (_lock)
        {
            int kept = (int)Math.Min(_count, Capacity);
            return [.. Enumerable.Range(0, kept).Select(i => _samples[(_count - kept + i) % Capacity])];
        }
    }
}
