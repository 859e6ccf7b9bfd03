using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Synthetic;

/// <summary>Decides whose packet comes next: flows that are alive at the same time, interleaved at random as on a shared link.</summary>
internal sealed class FlowMix
{
    private readonly LiveFlow[] _flows;
    private readonly ZipfSampler? _zipf;
    private readonly int _packetsPerFlow;
    private readonly long _totalFlows;
    private readonly long _lastFlowLength;
    private long _packetsLeft;
    private long _nextNumber;
    private int _alive;
    private int _neverOpened;
    private int _current = -1;

    public FlowMix(TrafficOptions options)
    {
        _packetsPerFlow = options.PacketsPerFlow;
        _totalFlows = options.TotalFlows;
        _lastFlowLength = options.Packets - ((_totalFlows - 1) * _packetsPerFlow);
        _packetsLeft = options.Packets;
        _alive = (int)Math.Min(options.ConcurrentFlows, _totalFlows);
        _flows = new LiveFlow[_alive];
        while (_nextNumber < _alive)
        {
            _flows[_nextNumber].Number = _nextNumber++;
        }

        _zipf = options.Distribution == FlowDistribution.Zipf ? new ZipfSampler(_alive, options.ZipfExponent) : null;
    }

    /// <summary>The flow that sends the next packet. The caller counts the packet in it before it asks again.</summary>
    public ref LiveFlow Next(ref SplitMix64 random)
    {
        EndCurrentIfComplete();
        _current = MustOpen() ? OpenNext() : Draw(ref random);
        _packetsLeft--;
        return ref _flows[_current];
    }

    /// <summary>Packets of a flow's whole life; 0 where it has no end.</summary>
    public long LengthOf(long number) => _packetsPerFlow == 0 ? 0 : number == _totalFlows - 1 ? _lastFlowLength : _packetsPerFlow;

    private void EndCurrentIfComplete()
    {
        if (_packetsPerFlow == 0 || _current < 0 || _flows[_current].Sent < LengthOf(_flows[_current].Number))
        {
            return;
        }

        _flows[_current] = _nextNumber < _totalFlows ? new LiveFlow { Number = _nextNumber++ } : _flows[--_alive];
    }

    /// <summary>
    /// Flows without end are as many as was asked for only if each is drawn at least once, and the tail of a Zipf distribution might not
    /// be. So at first every second packet opens a flow in turn, and every packet when there are no more packets than that.
    /// </summary>
    private bool MustOpen()
    {
        if (_packetsPerFlow > 0)
        {
            return false;
        }

        while (_neverOpened < _flows.Length && _flows[_neverOpened].Sent > 0)
        {
            _neverOpened++;
        }

        int closed = _flows.Length - _neverOpened;
        return closed > 0 && ((_packetsLeft & 1) == 0 || closed >= _packetsLeft);
    }

    private int OpenNext() => _neverOpened++;

    private int Draw(ref SplitMix64 random)
    {
        if (_zipf is null)
        {
            return (int)random.Below((uint)_alive);
        }

        // Ranks whose flows have all ended, near the end of the capture, fall to those that are left.
        int rank = _zipf.Draw(ref random);
        return rank < _alive ? rank : rank % _alive;
    }
}
