using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Export;

/// <summary>
/// A bounded queue of blocks between a worker and its exporter. Waiting threads sleep: there may be more threads than cores.
/// </summary>
internal sealed class BlockQueue
{
    private readonly Queue<FlowRecordBlock> _blocks;
    private bool _isCompleted;

    public BlockQueue(int capacity) => _blocks = new Queue<FlowRecordBlock>(capacity);

    /// <summary>Puts a block in; the number of blocks in circulation bounds the queue.</summary>
    public void Enqueue(FlowRecordBlock block)
    {
        lock (_blocks)
        {
            _blocks.Enqueue(block);
            Monitor.Pulse(_blocks);
        }
    }

    /// <summary>Waits for a block; null once the queue is completed and empty.</summary>
    public FlowRecordBlock? Dequeue()
    {
        lock (_blocks)
        {
            while (_blocks.Count == 0)
            {
                if (_isCompleted)
                {
                    return null;
                }

                Monitor.Wait(_blocks);
            }

            return _blocks.Dequeue();
        }
    }

    /// <summary>Says that nothing more will be put in.</summary>
    public void Complete()
    {
        lock (_blocks)
        {
            _isCompleted = true;
            Monitor.PulseAll(_blocks);
        }
    }
}
