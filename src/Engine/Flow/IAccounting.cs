namespace FlowMeter.Engine.Flow;

/// <summary>What a profile keeps of a flow's packets. A type parameter of the worker, so that its code is inlined there and costs no call.</summary>
internal unsafe interface IAccounting
{
    /// <summary>Takes a flow's first packet into a row whose key, first time and state are set.</summary>
    static abstract void Begin(FlowColumns columns, long row, byte fromHigh, uint size);

    /// <summary>Takes a further packet.</summary>
    /// <returns>False if time went backwards: the packet is older than the flow's newest.</returns>
    static abstract bool Add(FlowColumns columns, long row, byte fromHigh, uint size, long time);
}
