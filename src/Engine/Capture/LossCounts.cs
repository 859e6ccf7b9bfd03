using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// What got lost before a handle's frames were seen. Written by the handle's thread about once a second and at the end; others may read it
/// at any time.
/// </summary>
public sealed class LossCounts
{
    private long _kernel;
    private long _interface;
    private long _beforeStart;
    private uint _lastKernel;
    private uint _lastInterface;

    /// <summary>
    /// Frames that found the handle's ring full: the worker was too slow (ps_drop; every one of them is an overrun of the ring).
    /// </summary>
    public long Kernel => Volatile.Read(ref _kernel);

    /// <summary>
    /// Frames that the interface or its driver dropped (ps_ifdrop), where the system says so. All handles of an interface see the same
    /// ones; they are counted at the first.
    /// </summary>
    public long Interface => Volatile.Read(ref _interface);

    /// <summary>
    /// Frames that were dropped since they came before all handles of the interface shared its packets: no loss, another handle had them,
    /// too.
    /// </summary>
    public long BeforeStart => Volatile.Read(ref _beforeStart);

    internal void AddBeforeStart() => Volatile.Write(ref _beforeStart, _beforeStart + 1);

    /// <summary>Forgets the counters of a handle that was closed; a new one begins at these, which are 32 bits wide and wrap.</summary>
    internal void Begin(PcapStatistics statistics)
    {
        _lastKernel = statistics.Dropped;
        _lastInterface = statistics.DroppedByInterface;
    }

    /// <summary>Adds what has come since.</summary>
    internal void Update(PcapStatistics statistics, bool countsInterface)
    {
        Volatile.Write(ref _kernel, _kernel + unchecked(statistics.Dropped - _lastKernel));
        if (countsInterface)
        {
            Volatile.Write(ref _interface, _interface + unchecked(statistics.DroppedByInterface - _lastInterface));
        }

        Begin(statistics);
    }
}
