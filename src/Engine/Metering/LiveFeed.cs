using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Native;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// Hands the packets of one live handle to a worker of its own, where they lie in the ring: those of a ring of our own a batch at a time,
/// and those of libpcap one by one, since it gives a block of the ring back as soon as the last packet of it went through the callback. For
/// the worker's thread.
/// </summary>
internal sealed unsafe class LiveFeed : IDisposable
{
    // Packets between two looks at the clock.
    private const int Portion = 4096;

    private readonly LiveSource _source;
    private readonly FlowWorker _worker;
    private readonly PacketBatch _batch = new();
    private readonly Action<PacketBatch> _process;
    private readonly GCHandle _self;

    /// <summary>Ties a handle to a worker; both stay the caller's.</summary>
    public LiveFeed(LiveSource source, FlowWorker worker)
    {
        _source = source;
        _worker = worker;
        _process = worker.Frames == null ? worker.Process : ProcessAndRetain;
        _self = GCHandle.Alloc(this);
    }

    /// <summary>
    /// Hands over the next packets, or waits a moment for some. False once the capture has been stopped and nothing is left in the ring;
    /// then all flows have been ended.
    /// </summary>
    public bool TryFeed()
    {
        void* state = (void*)GCHandle.ToIntPtr(_self);
        bool goesOn = _worker.Frames == null
            ? _source.TryDispatch(&Process, state, Portion, _batch, _process)
            : _source.TryDispatch(&ProcessAndRetain, state, Portion, _batch, _process);
        _worker.Tick(_source.Now, _source.IsIdle);
        if (!goesOn)
        {
            _worker.Finish(_worker.Clock.Now);
        }

        return goesOn;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _self.Free();
    }

    private void ProcessAndRetain(PacketBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            _worker.ProcessAndRetain(batch.LinkType, batch.Data[i], batch.CapturedLength[i], batch.WireLength[i], batch.Time[i]);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Process(byte* state, PcapPacketHeader* header, byte* data) => Process(state, header, data, isRetained: false);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ProcessAndRetain(byte* state, PcapPacketHeader* header, byte* data) =>
        Process(state, header, data, isRetained: true);

    /// <summary>Written once and compiled twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Process(byte* state, PcapPacketHeader* header, byte* data, bool isRetained)
    {
        LiveFeed feed = Unsafe.As<LiveFeed>(GCHandle.FromIntPtr((nint)state).Target!);
        LiveSource source = feed._source;
        RingPrefetch.Behind(data, header->CapturedLength);
        if (!source.Admits(header, out long time))
        {
            return;
        }

        try
        {
            if (isRetained)
            {
                feed._worker.ProcessAndRetain(source.LinkType, data, header->CapturedLength, header->WireLength, time);
            }
            else
            {
                feed._worker.Process(source.LinkType, data, header->CapturedLength, header->WireLength, time);
            }
        }
        catch (Exception e)
        {
            // Whatever it is: no exception may pass through libpcap's frames. TryDispatch throws it when libpcap has returned.
            source.Fail(e);
        }
    }
}
