using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// What both ends of a flow have come to, by the rules of Zeek's TCP analyzer, kept packet by packet. The originator is who opened the
/// connection: the sender of the first packet, or of what a first SYN with ACK answers; <c>--local-net</c> does not change that.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal struct ConnectionTrack
{
    /// <summary>Flags that change the state of a connection.</summary>
    public const byte Control = TcpFlag.Fin | TcpFlag.Syn | TcpFlag.Rst;
    private const byte Tcp = 6;

    private Ends _states;
    private Ends _earlier;
    private byte _data;
    private byte _originator;
    private bool _isTcp;
    private bool _hasOnlySyn;

    /// <summary>What packets need not tell any more.</summary>
    public readonly Settled Settled =>
        (_states[0] > TcpEndState.SynSent ? Settled.StateOfA : 0) | (_states[1] > TcpEndState.SynSent ? Settled.StateOfB : 0)
        | (_data != 0 ? Settled.Data : 0);

    /// <summary>Begins with a flow's first packet.</summary>
    /// <param name="protocol">The IANA number of the protocol.</param>
    /// <param name="fromB">1 where endpoint B sent the packet.</param>
    /// <param name="flags">Its TCP flags.</param>
    /// <param name="payload">Bytes of its payload.</param>
    public void Begin(byte protocol, byte fromB, byte flags, uint payload)
    {
        this = default;
        _isTcp = protocol == Tcp;
        _originator = (flags & TcpFlag.SynAck) == TcpFlag.SynAck ? (byte)(1 - fromB) : fromB;
        Take(fromB, flags, payload);
    }

    /// <summary>Takes a packet. One that neither begins nor ends anything, behind a beginning, costs two comparisons.</summary>
    /// <param name="fromB">1 where endpoint B sent it.</param>
    /// <param name="flags">Its TCP flags.</param>
    /// <param name="payload">Bytes of its payload.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(byte fromB, byte flags, uint payload)
    {
        _data |= payload > 0 ? (byte)1 : (byte)0;
        if ((flags & Control) != 0 || _states[fromB] <= TcpEndState.SynSent)
        {
            TakeControl(fromB, flags, payload);
        }
    }

    /// <summary>The state by now.</summary>
    /// <param name="isAnswered">Whether both ends sent packets.</param>
    public readonly ConnectionState StateOf(bool isAnswered)
    {
        if (!_isTcp)
        {
            return isAnswered ? ConnectionState.Finished : ConnectionState.Unanswered;
        }

        TcpEndState originator = _states[_originator];
        TcpEndState responder = _states[1 - _originator];
        return (originator, responder) switch
        {
            (TcpEndState.SynSent or TcpEndState.SynAckSent, TcpEndState.Reset) => ConnectionState.Rejected,
            (TcpEndState.Reset, TcpEndState.Reset) when _data == 0 => ConnectionState.Rejected,
            (TcpEndState.Inactive or TcpEndState.Partial, TcpEndState.Reset) => ConnectionState.ResponderResetHalf,
            (_, TcpEndState.Reset) => ConnectionState.ResponderReset,
            (TcpEndState.Reset, TcpEndState.Inactive or TcpEndState.Partial) =>
                _hasOnlySyn ? ConnectionState.OriginatorResetUnanswered : ConnectionState.Other,
            (TcpEndState.Reset, _) => ConnectionState.OriginatorReset,
            (TcpEndState.Closed, TcpEndState.Closed) => ConnectionState.Finished,
            (TcpEndState.Closed, TcpEndState.Inactive or TcpEndState.Partial) => ConnectionState.OriginatorHalf,
            (TcpEndState.Closed, _) => ConnectionState.OriginatorClosed,
            (TcpEndState.Inactive or TcpEndState.Partial, TcpEndState.Closed) => ConnectionState.ResponderHalf,
            (_, TcpEndState.Closed) => ConnectionState.ResponderClosed,
            (TcpEndState.SynSent, TcpEndState.Inactive) => ConnectionState.Unanswered,
            (TcpEndState.Established, TcpEndState.Established) => ConnectionState.Established,
            _ => ConnectionState.Other,
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeControl(byte fromB, byte flags, uint payload)
    {
        int other = 1 - fromB;
        if (fromB == _originator)
        {
            TakeOnlySyn(_states[fromB], flags, payload);
        }

        switch (_states[fromB])
        {
            case TcpEndState.Inactive:
                TakeFirst(fromB, flags, payload);
                break;
            case TcpEndState.SynSent or TcpEndState.SynAckSent:
                Close(fromB, flags, (flags & TcpFlag.Fin) != 0);
                break;
            case TcpEndState.Established or TcpEndState.Partial:
                TakeEstablished(fromB, flags);
                break;
            case TcpEndState.Closed when (flags & TcpFlag.Rst) != 0 && _states[other] != TcpEndState.Closed:
                Set(fromB, TcpEndState.Reset);
                break;
        }
    }

    /// <summary>Whether the originator sent a SYN, and nothing else that is no data, before a RST.</summary>
    private void TakeOnlySyn(TcpEndState before, byte flags, uint payload)
    {
        int control = flags & Control;
        if (before == TcpEndState.Inactive)
        {
            _hasOnlySyn = control == TcpFlag.Syn && (flags & TcpFlag.Ack) == 0;
        }
        else if (before == TcpEndState.SynSent)
        {
            bool isAck = control == 0 && payload == 0 && (flags & TcpFlag.Ack) != 0;
            bool isSynAck = (flags & TcpFlag.SynAck) == TcpFlag.SynAck;
            _hasOnlySyn &= !isAck && !isSynAck && control is 0 or TcpFlag.Syn or TcpFlag.Rst;
        }
    }

    /// <summary>Takes the first packet of an end.</summary>
    private void TakeFirst(byte fromB, byte flags, uint payload)
    {
        int other = 1 - fromB;
        bool isOriginator = fromB == _originator;
        bool hasAck = (flags & TcpFlag.Ack) != 0;
        if ((flags & TcpFlag.Syn) != 0)
        {
            if (!isOriginator && _states[other] == TcpEndState.SynSent)
            {
                Set(other, TcpEndState.Established);
            }

            Set(fromB, !isOriginator ? TcpEndState.Established : hasAck ? TcpEndState.SynAckSent : TcpEndState.SynSent);
        }

        Close(fromB, flags, (flags & TcpFlag.Fin) != 0);
        if (_states[fromB] == TcpEndState.Inactive)
        {
            // Some hosts acknowledge a SYN before they answer it.
            bool isEarlyAck = !isOriginator && payload == 0 && _states[other] == TcpEndState.SynSent;
            if (!isEarlyAck)
            {
                Set(fromB, hasAck && _states[other] == TcpEndState.Established ? TcpEndState.Established : TcpEndState.Partial);
            }
        }
    }

    private void TakeEstablished(byte fromB, byte flags)
    {
        int other = 1 - fromB;
        if ((flags & TcpFlag.SynAck) == TcpFlag.Syn && _states[fromB] == TcpEndState.Partial && _states[other] == TcpEndState.Inactive)
        {
            Set(fromB, TcpEndState.SynSent);
        }

        bool isFin = (flags & (TcpFlag.Fin | TcpFlag.Rst)) == TcpFlag.Fin;
        if (isFin && _states[other] == TcpEndState.Reset && _earlier[other] == TcpEndState.Closed)
        {
            // A FIN and then a RST, answered by a FIN, is a normal end.
            Set(other, TcpEndState.Closed);
        }

        Close(fromB, flags, isFin);
    }

    private void Close(byte fromB, byte flags, bool isFin)
    {
        if (isFin)
        {
            Set(fromB, TcpEndState.Closed);
        }

        if ((flags & TcpFlag.Rst) != 0)
        {
            Set(fromB, TcpEndState.Reset);
        }
    }

    private void Set(int end, TcpEndState state)
    {
        if (_states[end] != state)
        {
            _earlier[end] = _states[end];
            _states[end] = state;
        }
    }

    /// <summary>A value of each end, A and B.</summary>
    [InlineArray(2)]
    private struct Ends
    {
        private TcpEndState _first;
    }
}
