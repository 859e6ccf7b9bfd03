using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The heads of streams that a worker has at a time, for flows whose first bytes came in pieces. Where all are lent, the one that was lent
/// first is taken away: who waits for bytes longest gets them least likely, and nobody can keep them all. The head that came back last is
/// lent first, so that few pages are used.
/// </summary>
internal sealed unsafe class StreamHeads : IDisposable
{
    // Head 0 is none: the end of both lists.
    private const ushort None = 0;

    private readonly NativeColumn<StreamHead> _heads;
    private readonly NativeColumn<byte> _bytes;
    private ushort _free;
    private ushort _oldest;
    private ushort _newest;
    private uint _ticket;

    /// <summary>Makes a number of heads.</summary>
    /// <param name="count">At least 1, at most 65,534.</param>
    public StreamHeads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ushort.MaxValue - 1);
        _heads = new NativeColumn<StreamHead>(count + 1);
        _bytes = new NativeColumn<byte>((long)(count + 1) * StreamHead.Capacity);
        for (int i = count; i > 0; i--)
        {
            _heads[i].Older = _free;
            _free = (ushort)i;
        }
    }

    /// <summary>Heads that were taken away from a flow that still waited.</summary>
    public long TakenAway { get; private set; }

    /// <summary>Heads that are lent.</summary>
    public int Lent { get; private set; }

    /// <summary>The head of an end; null where it has none, or not any more.</summary>
    public StreamHead* Of(in NamedEnd end)
    {
        StreamHead* head = _heads.First + end.Stream;
        return end.Stream != None && head->Ticket == end.Ticket ? head : null;
    }

    /// <summary>Lends an empty head to an end that has none.</summary>
    public StreamHead* Lend(ref NamedEnd end)
    {
        if (_free == None)
        {
            TakenAway++;
            Free(_oldest);
        }

        ushort number = _free;
        StreamHead* head = _heads.First + number;
        _free = head->Older;

        // 0 is the ticket of a head that is free.
        _ticket = _ticket == uint.MaxValue ? 1 : _ticket + 1;
        head->Begin(_bytes.First + ((long)number * StreamHead.Capacity), _ticket);
        head->Older = _newest;
        head->Newer = None;
        if (_newest != None)
        {
            _heads[_newest].Newer = number;
        }
        else
        {
            _oldest = number;
        }

        _newest = number;
        Lent++;
        end.Stream = number;
        end.Ticket = _ticket;
        return head;
    }

    /// <summary>Takes a head back, where the end has one.</summary>
    public void Return(ref NamedEnd end)
    {
        if (Of(in end) != null)
        {
            Free(end.Stream);
        }

        end.Stream = None;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heads.Dispose();
        _bytes.Dispose();
    }

    private void Free(ushort number)
    {
        StreamHead* head = _heads.First + number;
        (head->Newer != None ? ref _heads[head->Newer].Older : ref _newest) = head->Older;
        (head->Older != None ? ref _heads[head->Older].Newer : ref _oldest) = head->Newer;
        head->Ticket = 0;
        head->Older = _free;
        _free = number;
        Lent--;
    }
}
