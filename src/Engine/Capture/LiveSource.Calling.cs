using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <content>Packets of libpcap, one by one.</content>
internal sealed unsafe partial class LiveSource
{
    private void Dispatch(
        ICallingHandle capture, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* state, int most)
    {
        int reserved = Reserve(most);
        if (reserved == 0)
        {
            return;
        }

        long began = _alone?.Begin() ?? 0;
        try
        {
            _handedOver += (uint)capture.Dispatch(reserved, callback, state);
            NoteTaken(began);
        }
        finally
        {
            End(reserved);
        }

        _failure?.Throw();
    }

    /// <summary>Sets frames aside; 0 if there are none, after a moment.</summary>
    private int Reserve(int most)
    {
        int reserved = _budget?.Reserve(most) ?? most;
        if (reserved == 0)
        {
            // The last frames are set aside for others, who may give them back.
            _hasLooked = false;
            _system.Wait(1);
        }

        return reserved;
    }

    private void NoteTaken(long began)
    {
        if (_taken > 0)
        {
            _alone?.Done(began);
            Volatile.Write(ref _lastPackets, CaptureTime.From(_clock.GetUtcNow()));
        }
    }

    private void End(int reserved)
    {
        // Also when the interface is gone: it may be so for days, and the worker is not stuck.
        _alone?.End();
        _budget?.Spend(reserved, _taken);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CopyPacket(byte* user, PcapPacketHeader* header, byte* data)
    {
        LiveSource source = Unsafe.As<LiveSource>(GCHandle.FromIntPtr((nint)user).Target!);
        PacketBatch batch = source._batch!;
        if (!source.Admits(header, out long time))
        {
            return;
        }

        // There is room: no more packets are asked for than fit with the longest snap length.
        uint captured = header->CapturedLength;
        Buffer.MemoryCopy(data, batch.Block + source._used, captured, captured);
        batch.Add(batch.Block + source._used, captured, header->WireLength, time);
        source._used += (int)captured;
    }
}
