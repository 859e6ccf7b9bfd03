using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <content>How a flow begins.</content>
internal sealed unsafe partial class AccountingWorker<TAccounting>
{
    private void Begin(long row, PacketWindow window, int i)
    {
        window.Rows[i] = -1;
        FlowIdentity* identity = _table.Columns.Identity(row);
        byte fromHigh = window.FromHigh[i];
        long time = window.Times[i];
        identity->First = time;
        identity->LastLow = time;
        identity->LastHigh = time;
        bool forwardIsHigh = ForwardIsHigh(in identity->Key, fromHigh != 0, window.TcpFlags[i]);
        identity->State = (forwardIsHigh ? FlowState.ForwardIsHigh : 0)
            | (fromHigh == 0 ? FlowState.SeenLow : FlowState.SeenHigh | FlowState.FirstIsHigh);
        TAccounting.Begin(_table.Columns, row, fromHigh, window.Sizes[i]);
        _decision?.Begin(row);
    }

    /// <summary>Which end is forward in a flow that begins (SPEC §2).</summary>
    private bool ForwardIsHigh(in FlowKey key, bool fromHigh, byte flags)
    {
        if (_rules.ForwardIsFirstSender || key.IsLoop)
        {
            return fromHigh;
        }

        bool isAnswer = (flags & TcpFlag.SynAck) == TcpFlag.SynAck;
        bool forwardIsHigh = fromHigh ^ isAnswer;
        return _localNets.IsEmpty ? forwardIsHigh : _localNets.IsForwardHigh(in key) ?? forwardIsHigh;
    }
}
