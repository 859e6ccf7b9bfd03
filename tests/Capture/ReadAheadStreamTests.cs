using FlowMeter.Engine.Capture;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.Capture;

/// <summary>A stream that is read by a thread of its own.</summary>
public sealed class ReadAheadStreamTests
{
    private const int Long = 3 << 20;

    [Fact]
    public void It_gives_the_bytes_of_the_stream()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            byte[] data = new byte[random.Next(seed < 4 ? 1000 : Long)];
            random.NextBytes(data);
            using ReadAheadStream stream = new(new TrickleStream(data, random.Next(1000, 300_000)));
            Assert.Equal(data, ReadAll(stream, random));
        }
    }

    [Fact]
    public void A_failure_comes_behind_what_was_read_before_it()
    {
        byte[] data = new byte[Long];
        new Random(1).NextBytes(data);
        using ReadAheadStream stream = new(new FailingStream(data, 70_000));
        List<byte> read = [];
        IOException failure = Assert.Throws<IOException>(() => ReadAll(stream, new Random(2), read));
        Assert.Equal("Input/output error", failure.Message);
        Assert.Equal(data, read);
    }

    [Fact]
    public void What_is_to_be_told_comes_behind_all_bytes_in_the_readers_thread()
    {
        int told = 0;
        using ReadAheadStream stream = new(new MemoryStream(new byte[Long]));
        stream.Tell(() => told = Environment.CurrentManagedThreadId);
        byte[] buffer = new byte[100_000];
        for (int left = Long; left > 0; left -= stream.Read(buffer, 0, Math.Min(left, buffer.Length)))
        {
            Assert.Equal(0, told);
        }

        Assert.Equal(0, stream.Read(buffer));
        Assert.Equal(Environment.CurrentManagedThreadId, told);
    }

    [Fact]
    public void A_short_stream_is_read_by_its_reader()
    {
        ThreadNotingStream own = new(100_000);
        using ReadAheadStream stream = new(own);
        _ = ReadAll(stream, new Random(1));
        Assert.Equal([Environment.CurrentManagedThreadId], own.Threads);

        ThreadNotingStream other = new(Long);
        using ReadAheadStream longer = new(other);
        _ = ReadAll(longer, new Random(1));
        Assert.Equal(2, other.Threads.Count);
    }

    [Fact]
    public void It_can_be_closed_while_more_is_to_be_read()
    {
        ThreadNotingStream endless = new(long.MaxValue);
        ReadAheadStream stream = new(endless);
        byte[] buffer = new byte[100_000];
        for (int i = 0; i < 100; i++)
        {
            _ = stream.Read(buffer);
        }

        stream.Dispose();
        Assert.True(endless.IsClosed);
    }

    private static byte[] ReadAll(Stream stream, Random random, List<byte>? read = null)
    {
        read ??= [];
        while (true)
        {
            byte[] buffer = new byte[random.Next(1, 200_000)];
            int length = stream.Read(buffer);
            if (length == 0)
            {
                return [.. read];
            }

            read.AddRange(buffer.AsSpan(0, length));
        }
    }

    private sealed class ThreadNotingStream(long length) : ReadOnlyStream
    {
        private long _left = length;

        public HashSet<int> Threads { get; } = [];

        public bool IsClosed { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            lock (Threads)
            {
                Threads.Add(Environment.CurrentManagedThreadId);
            }

            int read = (int)Math.Min(buffer.Length, _left);
            _left -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
