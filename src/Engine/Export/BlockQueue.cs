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
            Monitor.PulseAll(_blocks);
        }
    }

    /// <summary>Waits until fewer blocks than this are in the queue.</summary>
    public void AwaitRoom(int blocks)
    {
        lock (_blocks)
        {
            while (_blocks.Count >= blocks)
            {
                Monitor.Wait(_blocks);
            }
        }
    }

    /// <summary>Waits for a block; null once the queue is completed and empty, or none came in time.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="isOver">Whether no block will come any more.</param>
    public FlowRecordBlock? Dequeue(TimeSpan patience, out bool isOver)
    {
        lock (_blocks)
        {
            bool isLate = false;
            while (_blocks.Count == 0 && !_isCompleted && !isLate)
            {
                isLate = !Monitor.Wait(_blocks, patience);
            }

            isOver = _blocks.Count == 0 && _isCompleted;
            if (_blocks.Count == 0)
            {
                return null;
            }

            // The worker may wait for room.
            Monitor.PulseAll(_blocks);
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
