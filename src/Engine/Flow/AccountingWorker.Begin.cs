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
        bool forwardIsHigh = _orientation.ForwardIsHigh(in identity->Key, fromHigh != 0, window.TcpFlags[i]);
        identity->State = (forwardIsHigh ? FlowState.ForwardIsHigh : 0)
            | (fromHigh == 0 ? FlowState.SeenLow : FlowState.SeenHigh | FlowState.FirstIsHigh);
        TAccounting.Begin(_table.Columns, row, window, i);
        _decision?.Begin(row, i);
    }
}
