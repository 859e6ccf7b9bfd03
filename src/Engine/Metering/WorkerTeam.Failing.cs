using System.Runtime.ExceptionServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Metering;

/// <content>What a failure of one worker does to the others.</content>
internal sealed partial class WorkerTeam
{
    /// <summary>
    /// Has a worker account for packets, or finish. After a failure nothing more is done, so that no worker waits forever.
    /// </summary>
    private void Guard(int number, DecodedBatch? packets)
    {
        if (_failure != null)
        {
            return;
        }

        try
        {
            if (packets == null)
            {
                _workers[number].Finish(_workers[0].Clock.Now);
            }
            else
            {
                _workers[number].Account(packets, number);
            }
        }
        catch (Output.OutputException e)
        {
            Fail(e);
        }
    }

    /// <summary>Has all workers end, so that none waits forever for what the one that failed does not do any more.</summary>
    private void Fail(Exception e)
    {
        lock (_lock)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            Monitor.PulseAll(_lock);
        }
    }
}
