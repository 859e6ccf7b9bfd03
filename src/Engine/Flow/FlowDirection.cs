using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>Which end is forward in a flow that begins (SPEC §2).</summary>
internal readonly struct FlowDirection(FlowRules rules, LocalNets localNets)
{
    /// <summary>Whether it is the key's endpoint B, for a first packet from this end with these flags.</summary>
    public bool ForwardIsB(in FlowKey key, bool fromB, byte tcpFlags)
    {
        if (rules.ForwardIsFirstSender || key.IsLoop)
        {
            return fromB;
        }

        bool isAnswer = (tcpFlags & TcpFlag.SynAck) == TcpFlag.SynAck;
        bool forwardIsB = fromB ^ isAnswer;
        return localNets.IsEmpty ? forwardIsB : localNets.IsForwardHigh(in key) ?? forwardIsB;
    }
}
