using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The beginnings of TCP streams: puts the first bytes in order, as far as packets come out of order or a message is longer than one, and
/// hands them to the parsers. Later packets are looked at for a TLS handshake that begins there, behind SOCKS, CONNECT or STARTTLS.
/// </summary>
internal sealed unsafe class StreamReading(StreamHeads heads, StreamBeginning beginning)
{
    /// <summary>Packets with payload that are looked at in each direction, unless bytes are waited for.</summary>
    public const int MaxPackets = 4;

    /// <summary>Packets that may bring bytes of a beginning.</summary>
    public const int MaxPieces = 4;

    // Repetitions and packets far ahead bring none; this many packets are looked at in all.
    private const int MaxLooks = 12;

    /// <summary>The flag of TCP that begins a stream.</summary>
    public const byte Syn = 2;

    /// <summary>Takes a packet.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="end">What is known of the end that sent it.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>Whether later packets of this end matter.</returns>
    public bool Take(in FlowNaming to, ref NamedEnd end, in NamePacket packet)
    {
        uint first = packet.Sequence;
        if ((packet.TcpFlags & Syn) != 0)
        {
            // The SYN has a number of its own (RFC 9293 §3.4). Data in it comes with a cookie of TCP Fast Open.
            first++;
            if (end.Packets == 0)
            {
                end.Start = first;
                end.State |= EndState.HasStart | EndState.HasSyn;
            }
        }

        if (packet.Length == 0)
        {
            return true;
        }

        if ((end.State & EndState.HasStart) == 0)
        {
            end.Start = first;
            end.State |= EndState.HasStart;
        }

        int offset = (int)(first - end.Start);
        end.Packets++;
        end.State |= packet.IsForward ? EndState.IsForward : EndState.None;
        if ((end.State & EndState.IsRead) != 0)
        {
            return Watch(in to, ref end, in packet, first) && end.Packets < MaxPackets;
        }

        if (offset < 0 && (end.State & EndState.HasSyn) == 0)
        {
            // Nobody saw the beginning, and this packet is older than the one that was taken for it.
            heads.Return(ref end);
            end.Start = first;
            offset = 0;
        }

        return Read(in to, ref end, in packet, offset) && (end.Packets < MaxPackets || heads.Of(in end) != null);
    }

    /// <summary>Takes what there is of a beginning whose rest did not come.</summary>
    public void End(in FlowNaming to, ref NamedEnd end)
    {
        StreamHead* head = heads.Of(in end);
        if (head != null && head->Length > 0)
        {
            NamePacket none = new() { IsForward = (end.State & EndState.IsForward) != 0 };
            beginning.Read(in to, head->Bytes, in none, isLast: true);
        }

        heads.Return(ref end);
    }

    /// <summary>Reads the beginning as far as this packet brings it.</summary>
    private bool Read(in FlowNaming to, ref NamedEnd end, in NamePacket packet, int offset)
    {
        StreamHead* head = heads.Of(in end);
        if (head == null && end.Stream != 0)
        {
            // Others needed the memory.
            end.Stream = 0;
            return false;
        }

        bool isLast = !packet.IsWhole;
        bool isFirst = head == null && offset == 0;
        if (isFirst && (packet.Payload.IsEmpty || beginning.Read(in to, packet.Payload, in packet, isLast) != ReadResult.More || isLast))
        {
            return GoesOn(in to, ref end, packet.Payload);
        }

        if (head == null)
        {
            if (offset is < 0 or >= StreamHead.Capacity)
            {
                return end.Packets < MaxPackets;
            }

            head = heads.Lend(ref end);
        }

        if (head->Put(offset, packet.Payload))
        {
            head->Packets++;
        }

        isLast |= head->Packets == MaxPieces || end.Packets == MaxLooks;
        if (isFirst)
        {
            return true;
        }

        bool hasBytes = head->Length > 0;
        bool isMore = !hasBytes || beginning.Read(in to, head->Bytes, in packet, isLast) == ReadResult.More;
        if (isMore && !isLast)
        {
            return true;
        }

        bool goesOn = GoesOn(in to, ref end, head->Bytes);
        heads.Return(ref end);
        return goesOn;
    }

    /// <summary>
    /// Whether later packets matter, once the beginning was read. Where it was all there and nobody knew it, and it is no text, which may
    /// lead to TLS as STARTTLS does, they do not: to look at them is most of what costs time for nothing.
    /// </summary>
    private static bool GoesOn(in FlowNaming to, ref NamedEnd end, ReadOnlySpan<byte> bytes)
    {
        end.State |= EndState.IsRead;
        return to.Application == Application.Unknown
            ? (end.State & EndState.HasSyn) == 0 || (!bytes.IsEmpty && bytes[0] is >= (byte)' ' and <= (byte)'~')
            : StreamBeginning.GoesOn(in to);
    }

    /// <summary>Looks whether a TLS handshake begins, or a final HTTP status after a provisional one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Watch(in FlowNaming to, ref NamedEnd end, in NamePacket packet, uint first)
    {
        if (!TlsReader.IsHello(packet.Payload) && !StreamBeginning.BeginsAnew(in to, packet.Payload, (end.State & EndState.HasSyn) != 0))
        {
            return true;
        }

        end.Start = first;
        end.State &= ~EndState.IsRead;
        return Read(in to, ref end, in packet, 0);
    }
}
