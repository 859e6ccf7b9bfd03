namespace FlowMeter.Tests.Support;

public sealed class GuardedBufferTests
{
    [Fact]
    public unsafe void Bytes_end_where_the_page_does()
    {
        foreach (int length in new[] { 0, 1, 64, Environment.SystemPageSize, Environment.SystemPageSize + 1 })
        {
            byte[] bytes = PacketBuilder.Payload(length);
            using GuardedBuffer guarded = new(bytes);
            Assert.Equal(bytes, guarded.Bytes.ToArray());
            Assert.Equal(0, (nint)(guarded.Pointer + length) % Environment.SystemPageSize);
        }
    }

    /// <summary>Asked of the kernel, since finding out by reading would end the test run.</summary>
    [Fact]
    public unsafe void The_next_byte_is_unreadable()
    {
        using GuardedBuffer guarded = new([1, 2, 3]);
        string maps = File.ReadAllText("/proc/self/maps");
        string guard = $"{(nint)(guarded.Pointer + guarded.Length):x8}-";
        string mapping = maps.Split('\n').Single(line => line.StartsWith(guard, StringComparison.Ordinal));
        Assert.Contains("---p", mapping, StringComparison.Ordinal);
    }
}
