using FlowMeter.Engine.Packets;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Packets;

/// <summary>
/// The ring between a worker and the thread that sends: in order, nothing torn, and what there is no room for is counted.
/// </summary>
public sealed class FrameQueueTests
{
    [Fact]
    public void Frames_come_out_as_they_went_in_whoever_is_faster()
    {
        using FrameQueue queue = new();
        const int Frames = 60_000;
        long taken = 0;
        Thread sender = new(() =>
        {
            Random random = new(1);
            uint last = 0;
            while (true)
            {
                if (!queue.TryPeek(out ReadOnlySpan<byte> frame, out uint wire))
                {
                    Thread.Yield();
                    continue;
                }

                // The number of the frame is its length on the wire; the bytes say it, too.
                Assert.True(wire > last, $"{wire} after {last}");
                Assert.Equal(LengthOf(wire), frame.Length);
                Assert.Equal(-1, frame.IndexOfAnyExcept((byte)wire));
                last = wire;
                queue.Release(frame);
                taken++;
                if (wire == Frames)
                {
                    return;
                }

                if (random.Next(20_000) == 0)
                {
                    Thread.Sleep(20);
                }
            }
        });
        sender.Start();
        for (uint number = 1; number <= Frames; number++)
        {
            long before = queue.Dropped;
            queue.Enqueue(Record(number));
            while (number == Frames && queue.Dropped > before)
            {
                // The last one has to get through.
                Thread.Sleep(1);
                before = queue.Dropped;
                queue.Enqueue(Record(number));
            }
        }

        sender.Join();
        Assert.True(taken + queue.Dropped >= Frames, $"{taken} taken, {queue.Dropped} dropped");
    }

    [Fact]
    public void A_full_queue_counts_what_it_does_not_take()
    {
        using FrameQueue queue = new();
        for (uint number = 1; number <= 10_000; number++)
        {
            queue.Enqueue(Record(number));
        }

        long taken = 0;
        while (queue.TryPeek(out ReadOnlySpan<byte> frame, out _))
        {
            taken++;
            queue.Release(frame);
        }

        Assert.Equal(10_000, taken + queue.Dropped);
        Assert.InRange(queue.Dropped, 1000, 9000);
        queue.Enqueue(Record(1));
        Assert.True(queue.TryPeek(out _, out uint wire));
        Assert.Equal(1u, wire);
    }

    private static int LengthOf(uint number) => (int)(number * 7919 % 3000) + 1;

    private static byte[] Record(uint number)
    {
        byte[] bytes = new byte[LengthOf(number)];
        Array.Fill(bytes, (byte)number);
        return CaptureWriter.Pcap([new Frame(1, 0, bytes, number)])[24..];
    }
}
