using System.Text;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Names;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Names;

/// <summary>One flow, packet by packet, with a reader of its own or another flow's. Payloads end at an unreadable page.</summary>
internal sealed unsafe class OneNamedFlow : IDisposable
{
    private const byte Syn = 2;
    private const byte PushAck = 0x18;

    private readonly GuardedBuffer _guarded = new(new byte[NamePacket.MaxPayload]);
    private readonly NativeColumn<FlowNames> _flow = new(1);
    private readonly bool _isOwner;

    /// <summary>Begins a flow.</summary>
    /// <param name="protocol">The transport protocol.</param>
    /// <param name="serverPort">The port of endpoint B, which answers.</param>
    /// <param name="answered">Takes the names of addresses.</param>
    /// <param name="sharing">A flow whose reader this one uses, too.</param>
    /// <param name="streams">Flows that may wait for bytes at a time.</param>
    /// <param name="records">Records that there are.</param>
    public OneNamedFlow(
        byte protocol = 6, ushort serverPort = 443, AnsweredNames? answered = null, OneNamedFlow? sharing = null, int streams = 8,
        int records = 8)
    {
        Protocol = protocol;
        ServerPort = serverPort;
        _isOwner = sharing == null;
        Arena = sharing?.Arena ?? new NameArena((records + 1) * NameRecord.Size);
        Reader = sharing?.Reader ?? new NameReader(Arena, answered, streams);
        Reader.Begin(_flow.First);
    }

    public NameArena Arena { get; }

    public NameReader Reader { get; }

    public byte Protocol { get; }

    public ushort ServerPort { get; }

    public ushort ClientPort { get; init; } = 40_000;

    public string Application => ApplicationName.Of(_flow[0].Application);

    public bool IsFinished => _flow[0].IsFinished;

    public FlowNames* Flow => _flow.First;

    public string this[NameField field] =>
        _flow[0].Record == NameArena.None ? "" : Encoding.Latin1.GetString((*Arena[_flow[0].Record])[field]);

    /// <summary>Sends a packet.</summary>
    /// <param name="payload">What is captured of its payload.</param>
    /// <param name="sequence">Its TCP sequence number.</param>
    /// <param name="isAnswer">Whether endpoint B sends it.</param>
    /// <param name="length">Bytes of the whole payload; -1 for those captured.</param>
    /// <param name="isSyn">Whether it is a SYN.</param>
    public OneNamedFlow Send(ReadOnlySpan<byte> payload, uint sequence = 0, bool isAnswer = false, int length = -1, bool isSyn = false)
    {
        Span<byte> guarded = _guarded.Bytes[^payload.Length..];
        payload.CopyTo(guarded);
        Reader.Take(_flow.First, new NamePacket
        {
            Payload = guarded,
            Length = length < 0 ? (uint)payload.Length : (uint)length,
            Sequence = sequence,
            TcpFlags = Protocol != 6 ? (byte)0 : isSyn ? Syn : PushAck,
            Protocol = Protocol,
            FromB = isAnswer ? (byte)1 : (byte)0,
            IsForward = !isAnswer,
            SourcePort = isAnswer ? ServerPort : ClientPort,
            DestinationPort = isAnswer ? ClientPort : ServerPort,
            Time = 1_000_000_000,
        });

        // What a packet lent is gone behind the call.
        guarded.Fill(0xEE);
        return this;
    }

    /// <summary>Sends text.</summary>
    public OneNamedFlow Send(string text, uint sequence = 0, bool isAnswer = false) =>
        Send(Encoding.Latin1.GetBytes(text), sequence, isAnswer);

    /// <summary>Ends the flow.</summary>
    public OneNamedFlow End()
    {
        Reader.End(_flow.First);
        return this;
    }

    public void Dispose()
    {
        if (_isOwner)
        {
            Reader.Dispose();
            Arena.Dispose();
        }

        _flow.Dispose();
        _guarded.Dispose();
    }
}
