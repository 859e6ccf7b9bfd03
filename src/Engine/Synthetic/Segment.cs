namespace FlowMeter.Engine.Synthetic;

/// <summary>One packet of a conversation, before it has addresses and a size.</summary>
/// <param name="FromClient">The direction.</param>
/// <param name="HasData">
/// Whether payload fills the frame; a segment without data has only headers, and Ethernet padding where the frame is longer.
/// </param>
/// <param name="TcpFlags">The flags of a TCP segment; 0 for UDP.</param>
internal readonly record struct Segment(bool FromClient, bool HasData, byte TcpFlags)
{
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Push = 0x08;
    public const byte Ack = 0x10;

    // Three packets to open and three to close: shorter conversations do not get to close.
    private const int ShortestClosedConversation = 6;

    /// <summary>The packet number <paramref name="index"/> of a UDP conversation: always data, and the client begins.</summary>
    public static Segment CreateUdp(long index, bool coin) => new(coin || index == 0, HasData: true, 0);

    /// <summary>
    /// The packet number <paramref name="index"/> of a TCP conversation of <paramref name="length"/> packets, 0 for one without end.
    /// </summary>
    public static Segment CreateTcp(long index, long length, bool coin)
    {
        switch (index)
        {
            case 0:
                return new(FromClient: true, HasData: false, Syn);
            case 1:
                return new(FromClient: false, HasData: false, Syn | Ack);
            case 2:
                return new(FromClient: true, HasData: false, Ack);
        }

        if (length >= ShortestClosedConversation)
        {
            switch (length - index)
            {
                case 3:
                    return new(FromClient: true, HasData: false, Fin | Ack);
                case 2:
                    return new(FromClient: false, HasData: false, Fin | Ack);
                case 1:
                    return new(FromClient: true, HasData: false, Ack);
            }
        }

        return new(coin, HasData: true, Push | Ack);
    }
}
