namespace FlowMeter.Engine.Observe;

/// <summary>Several captures one after the other as one observation: flows cross the borders between files. Each is opened when its turn comes.</summary>
public sealed class SourceSequence(IReadOnlyList<string> paths, Func<string, IPacketSource> open) : IPacketSource
{
    private IPacketSource? _current;
    private int _next;

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        while (true)
        {
            if (_current == null)
            {
                if (_next == paths.Count)
                {
                    batch.Clear(batch.LinkType);
                    return false;
                }

                _current = open(paths[_next++]);
            }

            if (_current.TryFill(batch))
            {
                return true;
            }

            _current.Dispose();
            _current = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();
}
