namespace FlowMeter.Engine.Names;

/// <summary>A worker's records at hand: the chain that it uses up before it asks the arena for another.</summary>
/// <param name="arena">The arena, which stays the caller's.</param>
internal sealed unsafe class NameRecords(NameArena arena) : IDisposable
{
    private uint _free = NameArena.None;

    /// <summary>Records that were wanted and for which there was no room.</summary>
    public long Refused { get; private set; }

    /// <summary>Flows whose application is known by their payload.</summary>
    public long Named { get; set; }

    /// <summary>The record of a flow, which gets one if it has none; null where all are in use.</summary>
    public NameRecord* Of(FlowNames* flow)
    {
        if (flow->Record != NameArena.None)
        {
            return arena[flow->Record];
        }

        if (_free == NameArena.None)
        {
            _free = arena.TakeChain(NameArena.ChainLength);
        }

        if (_free == NameArena.None)
        {
            Refused++;
            return null;
        }

        flow->Record = _free;
        NameRecord* record = arena[_free];
        _free = record->Next;
        record->Clear();
        return record;
    }

    /// <summary>Gives the record of a flow back that does not come out.</summary>
    public void Return(FlowNames* flow)
    {
        arena.Return(flow->Record);
        flow->Record = NameArena.None;
    }

    /// <summary>Gives the rest of the chain back.</summary>
    public void Dispose()
    {
        while (_free != NameArena.None)
        {
            uint number = _free;
            _free = arena[number]->Next;
            arena.Return(number);
        }
    }
}
