using System.Diagnostics;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Cli.Shell;

/// <summary>Standard error takes lines, refuses them or stalls: who writes never knows, and what is lost is counted.</summary>
public sealed class LogWriterTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    private readonly StubbornStream _stream = new();

    public static TheoryData<Exception> Failures =>
    [
        new IOException("No space left on device", 28), new IOException("Input/output error", 5), new IOException("Bad file descriptor", 9),
        new UnauthorizedAccessException(), new ObjectDisposedException("it"), new InvalidOperationException("whatever"),
        new OutputException("out"),
    ];

    public void Dispose() => _stream.Dispose();

    [Fact]
    public void Lines_come_out_in_order_whole_and_all()
    {
        const int Threads = 4;
        const int Lines = 2000;
        LogWriter log = new(_stream);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Lines; i++)
            {
                log.WriteLine($"{thread} {i}");
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        log.Finish(s_long);
        string[] written = _stream.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(Threads * Lines, written.Length);
        Assert.All(Enumerable.Range(0, Threads), thread => Assert.Equal(
            Enumerable.Range(0, Lines).Select(i => $"{thread} {i}"),
            written.Where(line => line.StartsWith($"{thread} ", StringComparison.Ordinal))));
        Assert.Equal(0, log.LostLines);
    }

    [Fact]
    public void Text_in_pieces_is_whole_lines_and_the_last_one_is_ended()
    {
        LogWriter log = new(_stream);
        log.Write('a');
        log.Write("b");
        log.Write("c\nd\ne");
        log.WriteLine();
        log.Write("{0}", 7);
        log.Finish(s_long);
        Assert.Equal("abc\nd\ne\n7\n", _stream.Text);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_line_that_can_not_be_written_is_counted_and_told_when_the_next_one_is(Exception failure)
    {
        LogWriter log = new(_stream);
        log.WriteLine("before");
        log.Finish(s_long);
        _stream.Refuse(failure);
        log.WriteLine("lost");
        log.WriteLine("lost in\ntwo");
        Await(() => log.LostLines == 3);
        log.Settle();
        _stream.Refuse(null);
        log.WriteLine("after");
        log.Finish(s_long);
        Assert.Equal("before\n\nflowmeter: 3 lines of this log are lost: nobody took them.\nafter\n", _stream.Text);
        Assert.Equal(3, log.LostLines);
    }

    [Fact]
    public void A_failure_at_the_end_is_tried_once_more_and_no_longer()
    {
        LogWriter log = new(_stream);
        _stream.Refuse(new IOException("full"));
        log.WriteLine("lost");
        Await(() => log.LostLines == 1);
        log.Finish(s_long);
        log.Finish(s_long);
        Assert.Equal("", _stream.Text);
        _stream.Refuse(null);
        log.Finish(s_long);
        Assert.Equal("\nflowmeter: 1 lines of this log are lost: nobody took them.\n", _stream.Text);
    }

    [Fact]
    public void Nobody_waits_for_a_reader_that_has_stopped_and_what_waits_is_bounded()
    {
        const int Lines = 100_000;
        LogWriter log = new(_stream, capacity: 1000);
        _stream.Stall();
        log.WriteLine("line 000000");
        Await(() => _stream.IsStalled);
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 1; i < Lines; i++)
        {
            log.WriteLine($"line {i:000000}");
        }

        log.Finish(TimeSpan.FromMilliseconds(300));
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(20));
        Assert.Equal("", _stream.Text);
        Assert.InRange(log.LostLines, Lines - 100, Lines - 80);
        long lost = log.LostLines;

        // Where there is room again the lines say what is missing between them.
        _stream.Release();
        Await(() => _stream.Text.Contains("nobody took", StringComparison.Ordinal));
        log.WriteLine("after");
        log.Finish(s_long);
        string[] written = _stream.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(Lines - lost, written.Length - 2);
        Assert.Equal(Enumerable.Range(0, written.Length - 2).Select(i => $"line {i:000000}"), written[..^2]);
        Assert.Equal([$"flowmeter: {lost:#,0} lines of this log are lost: nobody took them.", "after"], written[^2..]);
        Assert.Equal(lost, log.LostLines);
    }

    [Fact]
    public void Who_writes_to_another_stream_waits_a_moment_but_not_for_a_reader_that_has_stopped()
    {
        LogWriter log = new(_stream);
        log.WriteLine("first");
        log.Settle();
        Assert.Equal("first\n", _stream.Text);
        _stream.Stall();
        log.WriteLine("second");
        log.Settle();
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < 1000; i++)
        {
            log.Settle();
        }

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        _stream.Release();
    }

    [Fact]
    public void The_status_gives_way_to_lines_comes_back_below_them_and_goes()
    {
        LogWriter log = new(_stream);
        log.Show("50 %");
        log.Finish(s_long);
        log.Show("6 %");
        log.Finish(s_long);
        log.WriteLine("line");
        log.Finish(s_long);
        log.Show("");
        log.Finish(s_long);
        Assert.Equal("\r50 %\r6 % \r   \rline\n\r6 %\r   \r", _stream.Text);
    }

    [Fact]
    public void A_status_that_nobody_sees_takes_no_room()
    {
        LogWriter log = new(_stream, capacity: 100);
        _stream.Stall();
        for (int i = 0; i < 1000; i++)
        {
            log.Show(new string('#', 50));
        }

        log.WriteLine(new string('x', 90));
        Assert.Equal(0, log.LostLines);
        _stream.Release();
        log.Finish(s_long);
    }

    private static void Await(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, s_long), "half a minute passed");
}
