using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>Copies of the packets that a handle lends, which are given back.</summary>
internal static unsafe class LentPackets
{
    private const int Most = 100;

    /// <summary>Those that are there.</summary>
    public static List<LentPacket> Of(ILendingHandle handle)
    {
        byte** data = stackalloc byte*[Most];
        uint* captured = stackalloc uint[Most];
        uint* wire = stackalloc uint[Most];
        long* time = stackalloc long[Most];
        List<LentPacket> packets = [];
        while (handle.Take(new PacketPointers(data, captured, wire, time), Most) is > 0 and int count)
        {
            for (int i = 0; i < count; i++)
            {
                packets.Add(new LentPacket(new ReadOnlySpan<byte>(data[i], (int)captured[i]).ToArray(), wire[i], time[i]));
            }

            handle.GiveBack();
        }

        return packets;
    }

    /// <summary>As many as are expected, and what else comes within a moment; fewer if no more come within five seconds.</summary>
    public static List<LentPacket> Await(ILendingHandle handle, int expected)
    {
        List<LentPacket> packets = [];
        SpinWait.SpinUntil(
            () =>
            {
                packets.AddRange(Of(handle));
                if (packets.Count < expected)
                {
                    handle.AwaitPackets(10);
                }

                return packets.Count >= expected;
            },
            TimeSpan.FromSeconds(5));

        // What should not come has a moment to come all the same.
        Thread.Sleep(50);
        packets.AddRange(Of(handle));
        return packets;
    }
}
