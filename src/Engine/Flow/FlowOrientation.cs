using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>Which end is forward in a flow that begins (SPEC §2).</summary>
internal readonly struct FlowOrientation(FlowRules rules, LocalNets localNets)
{
    /// <summary>Whether it is the key's higher endpoint, for a first packet from this end with these flags.</summary>
    public bool ForwardIsHigh(in FlowKey key, bool fromHigh, byte tcpFlags)
    {
        if (rules.ForwardIsFirstSender || key.IsLoop)
        {
            return fromHigh;
        }

        bool isAnswer = (tcpFlags & TcpFlag.SynAck) == TcpFlag.SynAck;
        bool forwardIsHigh = fromHigh ^ isAnswer;
        return localNets.IsEmpty ? forwardIsHigh : localNets.IsForwardHigh(in key) ?? forwardIsHigh;
    }
}
