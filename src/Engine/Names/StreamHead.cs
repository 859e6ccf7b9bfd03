using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The head of one stream of bytes, put together from pieces in any order: of TCP, or of the CRYPTO frames of QUIC, which has its keys from
/// the first packet on. Bytes that come twice are those that came last.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StreamHead
{
    /// <summary>
    /// Bytes of a head: four payloads of <see cref="NamePacket.MaxPayload"/>. A ClientHello with keys that resist quantum computers has
    /// about 1,800, with a session ticket 2,500; servers take 8 kB of an HTTP head.
    /// </summary>
    public const int Capacity = 4 * NamePacket.MaxPayload;

    /// <summary>
    /// Pieces with gaps between them, at most. A browser cuts the ClientHello of one QUIC packet into about ten, in random order.
    /// </summary>
    public const int MaxPieces = 32;

    /// <summary>Bytes of the longest connection identifier (RFC 9000 §17.2).</summary>
    public const int MaxConnectionId = 20;

    /// <summary>The ticket of who has it now.</summary>
    public uint Ticket;

    /// <summary>The head that was lent before this one, or the next free one.</summary>
    public ushort Older;

    /// <summary>The head that was lent after this one.</summary>
    public ushort Newer;

    /// <summary>Packets that had bytes for it.</summary>
    public byte Packets;

    /// <summary>Bytes of <see cref="ConnectionId"/>.</summary>
    public byte ConnectionIdLength;

    private ushort _pieces;

    /// <summary>The version of QUIC.</summary>
    public uint Version;

    /// <summary>The connection identifier that the keys of a QUIC flow are made of.</summary>
    public fixed byte ConnectionId[MaxConnectionId];

    private fixed ushort _from[MaxPieces + 1];
    private fixed ushort _to[MaxPieces + 1];
    private byte* _bytes;

    /// <summary>Bytes from the first one on without a gap.</summary>
    public readonly int Length => _pieces > 0 && _from[0] == 0 ? _to[0] : 0;

    /// <summary>These bytes. They hold until the next piece comes, or the head is given back.</summary>
    public readonly ReadOnlySpan<byte> Bytes => new(_bytes, Length);

    /// <summary>Makes it an empty head.</summary>
    /// <param name="bytes">Its memory, <see cref="Capacity"/> bytes.</param>
    /// <param name="ticket">The ticket of who has it now.</param>
    public void Begin(byte* bytes, uint ticket)
    {
        _bytes = bytes;
        Ticket = ticket;
        Packets = 0;
        ConnectionIdLength = 0;
        _pieces = 0;
    }

    /// <summary>Puts a piece where it belongs.</summary>
    /// <param name="offset">Its place in the stream.</param>
    /// <param name="piece">The bytes; those beyond <see cref="Capacity"/> are left out.</param>
    /// <returns>False where it brings nothing, or there would be too many gaps.</returns>
    public bool Put(long offset, ReadOnlySpan<byte> piece)
    {
        if (offset is < 0 or >= Capacity || piece.IsEmpty)
        {
            return false;
        }

        piece = piece[..Math.Min(piece.Length, Capacity - (int)offset)];
        int from = (int)offset;
        int to = from + piece.Length;

        // The pieces that it touches become one with it: from first up to but not including last.
        int first = 0;
        while (first < _pieces && _to[first] < from)
        {
            first++;
        }

        int last = first;
        while (last < _pieces && _from[last] <= to)
        {
            last++;
        }

        if (last == first + 1 && _from[first] <= from && _to[first] >= to)
        {
            return false;
        }

        if (last == first && _pieces == MaxPieces)
        {
            return false;
        }

        piece.CopyTo(new Span<byte>(_bytes + from, piece.Length));
        Join(first, last, from, to);
        return true;
    }

    private void Join(int first, int last, int from, int to)
    {
        if (last > first)
        {
            from = Math.Min(from, _from[first]);
            to = Math.Max(to, _to[last - 1]);
        }

        int shift = 1 - (last - first);
        if (shift > 0)
        {
            for (int i = _pieces - 1; i >= last; i--)
            {
                (_from[i + 1], _to[i + 1]) = (_from[i], _to[i]);
            }
        }
        else if (shift < 0)
        {
            for (int i = last; i < _pieces; i++)
            {
                (_from[i + shift], _to[i + shift]) = (_from[i], _to[i]);
            }
        }

        _from[first] = (ushort)from;
        _to[first] = (ushort)to;
        _pieces = (ushort)(_pieces + shift);
    }
}
