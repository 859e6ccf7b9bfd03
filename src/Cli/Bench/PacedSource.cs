using System.Diagnostics;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Cli.Bench;

/// <summary>Holds a source back to a rate, batch by batch.</summary>
internal sealed class PacedSource(IPacketSource source, long packetsPerSecond) : IPacketSource
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _packets;

    public bool TryFill(PacketBatch batch)
    {
        TimeSpan due = TimeSpan.FromSeconds((double)_packets / packetsPerSecond);
        if (due > _clock.Elapsed)
        {
            Thread.Sleep(due - _clock.Elapsed);
        }

        bool any = source.TryFill(batch);
        _packets += batch.Count;
        return any;
    }

    public void Dispose() => source.Dispose();
}
