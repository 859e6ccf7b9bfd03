using System.IO.Compression;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>gzip with something wrong: all that can be inflated comes out, and the reason is true.</summary>
public sealed class GunzipStreamTests
{
    private static readonly byte[] s_text = [.. Enumerable.Range(0, 300_000).Select(i => (byte)((i * i) >> (i % 7)))];
    private static readonly byte[] s_member = Gzip(s_text);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void Members_follow_each_other(int bytesPerRead) =>
        Assert.Equal(([.. s_text, .. s_text], null, 0), Read([.. s_member, .. s_member], bytesPerRead), Compare);

    [Theory]
    [InlineData(8, "the gzip checksum is wrong")]
    [InlineData(4, "the length at the end of the gzip data is wrong")]
    public void A_wrong_trailer_costs_nothing(int fromEnd, string reason)
    {
        byte[] wrong = [.. s_member];
        wrong[^fromEnd] ^= 1;
        (byte[] read, string? problem, _) = Read([.. wrong, .. s_member], 5000);
        Assert.Equal([.. s_text, .. s_text], read);
        Assert.StartsWith(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_end_gives_what_is_there()
    {
        foreach (int cut in new[] { 1, 8, 9, 1000 })
        {
            (byte[] read, string? problem, _) = Read(s_member[..^cut], int.MaxValue);
            Assert.Equal(s_text[..read.Length], read);
            Assert.InRange(read.Length, cut <= 8 ? s_text.Length : s_text.Length / 2, s_text.Length);
            Assert.Contains("cut off", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Zeros_behind_are_nothing_and_garbage_is_told()
    {
        Assert.Equal((s_text, null, 0), Read([.. s_member, .. new byte[100_000]], 777), Compare);
        Assert.Equal((s_text, null, 1), Read([.. s_member, .. "garbage"u8], 777), Compare);
    }

    [Fact]
    public void A_flipped_bit_is_told_and_what_came_before_is_there()
    {
        byte[] flipped = [.. s_member];
        flipped[flipped.Length / 2] ^= 4;
        (byte[] read, string? problem, _) = Read(flipped, int.MaxValue);
        Assert.InRange(read.Length, s_text.Length / 3, s_text.Length * 2);
        Assert.NotNull(problem);
    }

    /// <summary>Whatever keeps the trailer from being read, damage of a zstd file around it for one, all bytes before are there.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void A_trailer_that_can_not_be_read_costs_nothing(int bytesPerRead)
    {
        for (int missing = 1; missing <= 8; missing++)
        {
            using GunzipStream stream = new(new FailingStream(s_member[..^missing], bytesPerRead), () => { });
            byte[] read = new byte[s_text.Length];
            stream.ReadExactly(read);
            Assert.Equal(s_text, read);
            Assert.Throws<IOException>(() => stream.ReadByte());
        }
    }

    private static bool Compare((byte[] Bytes, string? Problem, int Trailing) a, (byte[] Bytes, string? Problem, int Trailing) b) =>
        a.Bytes.AsSpan().SequenceEqual(b.Bytes) && a.Problem == b.Problem && a.Trailing == b.Trailing;

    private static (byte[] Bytes, string? Problem, int Trailing) Read(byte[] compressed, int bytesPerRead)
    {
        int trailing = 0;
        using GunzipStream stream = new(new TrickleStream(compressed, bytesPerRead), () => trailing++);
        List<byte> read = [];
        byte[] buffer = new byte[70_000];
        try
        {
            for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                read.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (IOException e)
        {
            return ([.. read], e.Message, trailing);
        }
        catch (InvalidDataException e)
        {
            return ([.. read], e.Message, trailing);
        }

        return ([.. read], null, trailing);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
