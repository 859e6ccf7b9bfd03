namespace FlowMeter.Engine.Observe;

/// <summary>Several captures one after the other as one observation: flows cross the borders between files. Each is opened when its turn comes.</summary>
public sealed class SourceSequence(IReadOnlyList<string> paths, Func<string, IPacketSource> open) : IPacketSource
{
    private IPacketSource? _current;
    private int _next;

    /// <summary>Opens the first capture ahead of its turn, so that one that can not be read is told before any output begins.</summary>
    public void OpenFirst() => _ = OpenNext();

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        while (true)
        {
            if (!OpenNext())
            {
                batch.Clear(batch.LinkType);
                return false;
            }

            if (_current!.TryFill(batch))
            {
                return true;
            }

            _current.Dispose();
            _current = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();

    private bool OpenNext()
    {
        if (_current == null && _next < paths.Count)
        {
            _current = open(paths[_next++]);
        }

        return _current != null;
    }
}
