using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// What a profile keeps of a flow's packets. A type parameter of the worker, so that its code is inlined there and costs no call, and what
/// it does not want costs nothing.
/// </summary>
internal unsafe interface IAccounting
{
    /// <summary>What it looks at of payloads, so that the decoder has to.</summary>
    static virtual PayloadDetail Payloads => PayloadDetail.None;

    /// <summary>Asks for the lines that a packet will touch in the columns that are this accounting's own.</summary>
    static virtual void Prefetch(FlowColumns columns, long row, byte fromB)
    {
    }

    /// <summary>Whether the flow can take one more packet. One that can not ends with reason <c>resources</c>.</summary>
    static virtual bool HasRoom(FlowColumns columns, long row) => true;

    /// <summary>
    /// Takes a flow's first packet, number <paramref name="index"/> of the window, into a row whose key, first time and state are set.
    /// </summary>
    static abstract void Begin(FlowColumns columns, long row, PacketWindow window, int index);

    /// <summary>Takes a further packet, number <paramref name="index"/> of the window.</summary>
    /// <returns>False if time went backwards: the packet is older than the flow's newest.</returns>
    static abstract bool Update(FlowColumns columns, long row, PacketWindow window, int index);

    /// <summary>Takes note of the end of a flow, whether it comes out or not.</summary>
    static virtual void End(FlowColumns columns, long row)
    {
    }

    /// <summary>Whether an ended flow does not come out, whatever its length.</summary>
    static virtual bool IsLeftOut(FlowColumns columns, long row) => false;

    /// <summary>Gives back what a flow holds outside its row, where the flow does not come out.</summary>
    static virtual void Discard(FlowColumns columns, long row)
    {
    }
}
