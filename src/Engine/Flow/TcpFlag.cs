namespace FlowMeter.Engine.Flow;

/// <summary>The bits of TCP's flags octet that flow rules look at (RFC 9293 §3.1).</summary>
internal static class TcpFlag
{
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Ack = 0x10;
    public const byte SynAck = Syn | Ack;
}
