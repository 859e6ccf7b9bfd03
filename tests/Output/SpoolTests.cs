using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>Messages that wait for a broker: in order, bounded, each until it is acknowledged, also beyond the end of the run.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Messages_are_handed_out_in_order_and_forgotten_when_they_are_acknowledged()
    {
        using Spool spool = Spool.InMemory(1 << 20);
        Assert.All(Enumerable.Range(0, 5), number => Assert.True(spool.TryAdd(MessageOf(number))));
        long[] numbers = [.. Enumerable.Range(0, 5).Select(number => AssertNext(spool, number))];
        Assert.Null(spool.Next(TimeSpan.Zero, 10));
        Assert.Equal(3, spool.Acknowledge(numbers[2])!.Value.Rows);
        Assert.Null(spool.Acknowledge(numbers[2]));
        Assert.Equal((4, 1 + 2 + 4 + 5), ((int)spool.Waiting.Messages, (int)spool.Waiting.Rows));
        Assert.All(new[] { 0, 1, 3, 4 }, number => Assert.NotNull(spool.Acknowledge(numbers[number])));
        Assert.Equal(default, spool.Waiting);
    }

    [Fact]
    public void No_more_than_so_many_are_out_at_a_time()
    {
        using Spool spool = Spool.InMemory(1 << 20);
        spool.TryAdd(MessageOf(0));
        spool.TryAdd(MessageOf(1));
        long first = AssertNext(spool, 0);
        Assert.Null(spool.Next(TimeSpan.Zero, 1));
        spool.Acknowledge(first);
        AssertNext(spool, 1);
    }

    [Fact]
    public void After_a_failure_come_those_again_that_were_not_acknowledged()
    {
        using Spool spool = Spool.InMemory(1 << 20);
        long[] numbers = [.. Enumerable.Range(0, 4).Select(number =>
        {
            spool.TryAdd(MessageOf(number));
            return AssertNext(spool, number);
        })];
        spool.Acknowledge(numbers[0]);
        spool.Acknowledge(numbers[2]);
        spool.Rewind();
        Assert.Null(spool.Acknowledge(numbers[1]));
        AssertNext(spool, 1);
        spool.Rewind();
        long second = AssertNext(spool, 1);
        long fourth = AssertNext(spool, 3);
        Assert.Null(spool.Next(TimeSpan.Zero, 10));
        spool.Acknowledge(second);
        spool.Acknowledge(fourth);
        Assert.Equal(default, spool.Waiting);
    }

    [Fact]
    public void A_spool_that_is_full_refuses_the_newest_and_has_room_again_when_the_oldest_are_acknowledged()
    {
        using Spool spool = Spool.InMemory(64 << 10);
        int added = 0;
        for (; spool.TryAdd(MessageOf(added, 1000)); added++)
        {
        }

        Assert.InRange(added, 50, 64);
        Assert.Equal(added, spool.Waiting.Messages);
        for (int number = 0; number < added / 2; number++)
        {
            spool.Acknowledge(AssertNext(spool, number));
        }

        Assert.True(spool.TryAdd(MessageOf(added, 1000)));
    }

    [Fact]
    public void The_next_run_begins_with_what_the_last_one_left_and_leaves_nothing_when_all_is_acknowledged()
    {
        using (Spool spool = Open())
        {
            Assert.All(Enumerable.Range(0, 300), number => Assert.True(spool.TryAdd(MessageOf(number, 1000))));
            spool.Acknowledge(AssertNext(spool, 0));
            long second = AssertNext(spool, 1);
            spool.Acknowledge(AssertNext(spool, 2));
            Assert.True(second > 0);
        }

        using (Spool spool = Open())
        {
            // What was acknowledged behind one that was not comes again: it is known by its id.
            Assert.Equal((299, 299), ((int)spool.Found.Messages, (int)spool.Waiting.Messages));
            for (int number = 1; number < 300; number++)
            {
                spool.Acknowledge(AssertNext(spool, number));
            }
        }

        Assert.Empty(_folder.Names());
        Assert.Empty(_told);
    }

    [Fact]
    public void Two_runs_may_share_a_folder_and_do_not_touch_each_others_messages()
    {
        using Spool one = Open();
        one.TryAdd(MessageOf(1));
        using Spool other = Open();
        other.TryAdd(MessageOf(2));
        AssertNext(one, 1);
        AssertNext(other, 2);
        Assert.Equal($"{_folder["0000000001.spool"]}: is left as it is: another run writes to it.", Assert.Single(_told));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(40)]
    [InlineData(1000)]
    public void A_torn_end_loses_no_message_before_it(int cut)
    {
        using (Spool spool = Open())
        {
            spool.TryAdd(MessageOf(0, 1000));
            spool.TryAdd(MessageOf(1, 1000));
        }

        string file = _folder["0000000001.spool"];
        using (FileStream stream = new(file, FileMode.Open))
        {
            stream.SetLength(stream.Length - cut);
        }

        using Spool next = Open();
        Assert.Equal(1, next.Found.Messages);
        Assert.True(next.TryAdd(MessageOf(2)));
        AssertNext(next, 0);
        AssertNext(next, 2);
    }

    [Fact]
    public void A_byte_that_is_wrong_ends_what_is_believed()
    {
        using (Spool spool = Open())
        {
            spool.TryAdd(MessageOf(0, 1000));
            spool.TryAdd(MessageOf(1, 1000));
        }

        byte[] bytes = File.ReadAllBytes(_folder["0000000001.spool"]);
        bytes[^500] ^= 1;
        File.WriteAllBytes(_folder["0000000001.spool"], bytes);
        using Spool next = Open();
        Assert.Equal(1, next.Found.Messages);
    }

    [Fact]
    public void A_file_that_is_no_spool_is_let_alone()
    {
        _folder.Write("0000000007.spool", "something else altogether");
        using Spool spool = Open();
        spool.TryAdd(MessageOf(0));
        Assert.Contains("it is no file of a spool", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal(["0000000007.spool", "0000000008.spool"], _folder.Names());
    }

    /// <summary>Random operations beside a list that does the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_does_what_a_list_does(int seed)
    {
        Random random = new(seed);
        Spool spool = Open(128 << 10);
        List<int> waiting = [];
        List<(int Message, long Number)> handed = [];
        HashSet<int> acknowledged = [];
        int made = 0;
        try
        {
            for (int step = 0; step < 4000; step++)
            {
                switch (random.Next(8))
                {
                    case 0 or 1 or 2:
                        if (spool.TryAdd(MessageOf(made, random.Next(3000))))
                        {
                            waiting.Add(made);
                        }

                        made++;
                        break;
                    case 3 or 4 when spool.Next(TimeSpan.Zero, 20) is { } next:
                        int message = int.Parse(next.Message.Id, System.Globalization.CultureInfo.InvariantCulture);
                        Assert.Equal(waiting.Except(handed.Select(one => one.Message)).First(), message);
                        handed.Add((message, next.Number));
                        break;
                    case 5 or 6 when handed.Count > 0:
                        (int Message, long Number) done = handed[random.Next(handed.Count)];
                        Assert.NotNull(spool.Acknowledge(done.Number));
                        handed.Remove(done);
                        waiting.Remove(done.Message);
                        acknowledged.Add(done.Message);
                        break;
                    case 7 when random.Next(20) == 0:
                        spool.Rewind();
                        handed.Clear();
                        break;
                    case 7 when random.Next(50) == 0:
                        // A program that another test starts has the locks of all files until it is itself (fork, then exec).
                        int[] content = [];
                        for (int tries = 0; tries == 0 || (tries < 100 && waiting.Except(content).Any()); tries++)
                        {
                            spool.Dispose();
                            spool = Open(128 << 10);
                            content = ContentOf(spool);
                        }

                        // Those behind the first that was not acknowledged come again.
                        handed.Clear();
                        Assert.Empty(waiting.Except(content));
                        Assert.Empty(content.Except(waiting).Except(acknowledged));
                        waiting = [.. content];
                        break;
                }

                Assert.Equal(waiting.Count, spool.Waiting.Messages);
            }
        }
        finally
        {
            spool.Dispose();
        }
    }

    private static int[] ContentOf(Spool spool)
    {
        List<int> content = [];
        while (spool.Next(TimeSpan.Zero, int.MaxValue) is { } next)
        {
            content.Add(int.Parse(next.Message.Id, System.Globalization.CultureInfo.InvariantCulture));
        }

        spool.Rewind();
        return [.. content];
    }

    private static BlockMessage MessageOf(int number, int length = 10) =>
        new(number.ToString(System.Globalization.CultureInfo.InvariantCulture), new byte[7], new byte[length], number + 1);

    private static long AssertNext(Spool spool, int number)
    {
        (long Number, BlockMessage Message)? next = spool.Next(TimeSpan.Zero, 1000);
        Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), next?.Message.Id);
        Assert.Equal(number + 1, next!.Value.Message.Rows);
        return next.Value.Number;
    }

    private Spool Open(long maxBytes = 8 << 20) => Spool.Open(SystemDisk.Instance, _folder.Path, maxBytes, _told.Add);
}
