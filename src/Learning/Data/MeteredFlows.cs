namespace FlowMeter.Learning.Data;

/// <summary>The flows of one capture, gathered by the threads that export them, up to a limit.</summary>
internal sealed class MeteredFlows(long most)
{
    private readonly Lock _lock = new();
    private readonly List<MeteredFlow> _flows = [];

    /// <summary>Whether there were more than fit; those are gone.</summary>
    public bool IsOverfull { get; private set; }

    public void Add(MeteredFlow[] flows)
    {
        lock (_lock)
        {
            IsOverfull |= _flows.Count + flows.Length > most;
            if (!IsOverfull)
            {
                _flows.AddRange(flows);
            }
        }
    }

    /// <summary>The flows in order of time, the same for any number of threads.</summary>
    public List<MeteredFlow> Sorted()
    {
        _flows.Sort(MeteredFlow.Compare);
        return _flows;
    }
}
