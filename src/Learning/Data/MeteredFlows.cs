namespace FlowMeter.Learning.Data;

/// <summary>The flows of one capture, collected from the threads that export them, up to a limit.</summary>
/// <param name="max">Most flows to keep.</param>
internal sealed class MeteredFlows(long max)
{
    private readonly Lock _lock = new();
    private readonly List<MeteredFlow> _flows = [];

    /// <summary>Whether there were more flows than fit; those beyond the limit were not kept.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Takes flows over; any thread may call it.</summary>
    public void Add(MeteredFlow[] flows)
    {
        lock (_lock)
        {
            IsOverfull |= _flows.Count + flows.Length > max;
            if (!IsOverfull)
            {
                _flows.AddRange(flows);
            }
        }
    }

    /// <summary>The flows in the order of <see cref="MeteredFlow.Compare"/>; to be called when all threads are done.</summary>
    public List<MeteredFlow> Sorted()
    {
        _flows.Sort(MeteredFlow.Compare);
        return _flows;
    }
}
