using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>Named pipes: readers come and go, the capture stays.</summary>
public sealed class ResilientPipeTests : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly ResilientRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Every_reader_gets_the_header_and_whole_rows()
    {
        string pipe = _run.Folder.MakePipe("pipe");
        _run.Open("pipe");
        _run.Write("1\n");
        Assert.Equal(1, _run.Output.LostRows);
        string told = Assert.Single(_run.Told);
        Assert.Equal($"{pipe}: can not be written: nobody reads it; rows are lost until it can. To do: start a reader.", told);

        Launched first = Launched.Start("head", "-n", "3", pipe);
        AwaitReader();
        Assert.Equal($"{pipe}: is written again; 1 rows (2 bytes) were lost.", _run.Told[1]);
        _run.Write("2\n3\n");
        Assert.Equal("a,b\n2\n3\n", first.AwaitEnd().Output);

        _run.Write("4\n5\n");
        _run.Write("6\n");
        Assert.Equal((2, 4), (_run.Output.Rows, _run.Output.LostRows));
        Assert.Equal($"{pipe}: can not be written: its reader went away; rows are lost until it can. To do: start a reader.", _run.Told[2]);

        Launched second = Launched.Start("cat", pipe);
        AwaitReader();
        _run.Write("7\n");
        _run.Output.Complete();
        _run.Output.Dispose();
        Assert.Equal("a,b\n7\n", second.AwaitEnd().Output);
        Assert.Equal(4, _run.Told.Length);
        Assert.Equal($"{pipe}: is written again; 3 rows (6 bytes) were lost.", _run.Told[3]);
        Assert.Equal(["pipe"], _run.Folder.Names());
    }

    [Fact]
    public void A_reader_that_leaves_while_nothing_is_written_is_noticed_and_the_next_gets_a_header()
    {
        string pipe = _run.Folder.MakePipe("pipe");
        _run.Open("pipe");
        _run.Write("lost\n");
        Launched first = Launched.Start("head", "-n", "2", pipe);
        AwaitReader();
        _run.Write("1\n");
        Assert.Equal("a,b\n1\n", first.AwaitEnd().Output);
        ResilientRun.Await(() => _run.Output.IsFailing, "it was noticed that the reader went away");
        Launched second = Launched.Start("cat", pipe);
        AwaitReader();
        _run.Write("2\n");
        _run.Output.Complete();
        _run.Output.Dispose();
        Assert.Equal("a,b\n2\n", second.AwaitEnd().Output);
        Assert.Equal(1, _run.Output.LostRows);
    }

    [Fact]
    public void A_reader_that_is_there_from_the_start_misses_nothing()
    {
        string pipe = _run.Folder.MakePipe("pipe");

        // Into a file: what this process has to read itself it may read late.
        Launched reader = Launched.Start("sh", "-c", "cat \"$1\" > \"$2\"", "sh", pipe, _run.Folder["read"]);

        // Opened until the reader is: a reader that waits in open(2) can not be seen from outside.
        using Stream opened = new FileStream(pipe, FileMode.Open, FileAccess.Write);
        _run.Open("pipe");
        opened.Dispose();
        string block = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}\n"));
        _run.Write(block);
        _run.Output.Complete();
        _run.Output.Dispose();
        reader.AwaitEnd();
        Assert.Equal(ResilientRun.Header + block, File.ReadAllText(_run.Folder["read"]));
        Assert.Equal((50_000, 0), (_run.Output.Rows, _run.Output.LostRows));
        Assert.Empty(_run.Told);
    }

    [Fact]
    public async Task A_reader_that_stalls_loses_rows_but_never_sees_a_torn_one()
    {
        using FileStream stream = await OpenWithReader();
        _ = WriteMoreThanFits();
        Assert.Contains("can not be written: its reader takes nothing; rows are lost", _run.Told[^1], StringComparison.Ordinal);
        Task<string> reading = ReadAtOnce(stream);
        ResilientRun.Await(
            () =>
            {
                _run.Clock.Advance(s_pause);
                _run.Write("000000,the end   \n");
                return !_run.Output.IsFailing;
            },
            "the reader took rows");
        _run.Output.Complete();
        _run.Output.Dispose();
        string text = await reading;
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal("a,b", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.Equal("000000,is so long".Length, line.Length));
        Assert.Equal(_run.Output.Rows, lines.Length - 1);
        Assert.InRange(_run.Output.Rows, 1000, 19_999);
        Assert.Equal(_run.Output.Bytes, _run.Output.Rows * 18);
    }

    [Fact]
    public async Task A_reader_that_stalls_to_the_end_finds_whole_rows_later()
    {
        using FileStream stream = await OpenWithReader();
        string block = WriteMoreThanFits();
        _run.Output.Complete();
        _run.Output.Dispose();
        string text = new StreamReader(stream).ReadToEnd();
        Assert.StartsWith(text[ResilientRun.Header.Length..], block, StringComparison.Ordinal);
        Assert.EndsWith("so long\n", text, StringComparison.Ordinal);
        Assert.Equal(_run.Output.Rows, text.AsSpan().Count('\n') - 1);
        Assert.Equal(20_001, _run.Output.Rows + _run.Output.LostRows);
    }

    /// <summary>Rows that are longer than what a pipe takes as a whole.</summary>
    [Fact]
    public async Task A_row_that_was_torn_is_finished_at_the_end_once_somebody_reads()
    {
        using FileStream stream = await OpenWithReader();
        string block = WriteMoreThanFits(padding: 5000, rows: 100);
        Task<string> reading = ReadAtOnce(stream);
        _run.Output.Complete();
        _run.Output.Dispose();
        string text = await reading;
        Assert.StartsWith(text[ResilientRun.Header.Length..], block, StringComparison.Ordinal);
        Assert.EndsWith("so long\n", text, StringComparison.Ordinal);
        Assert.Equal(_run.Output.Bytes, text.Length - ResilientRun.Header.Length);
        Assert.Equal(101, _run.Output.Rows + _run.Output.LostRows);
        Assert.Equal(block.Length + 5, _run.Output.Bytes + _run.Output.LostBytes);
    }

    /// <summary>A reader that takes nothing yet. One row was lost before it was there.</summary>
    private async Task<FileStream> OpenWithReader()
    {
        string pipe = _run.Folder.MakePipe("pipe");
        _run.Open("pipe");
        _run.Write("lost\n");
        Task<FileStream> opening = Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Read));
        AwaitReader();
        return await opening;
    }

    /// <summary>Reads to the end in a thread of its own: one of the pool may begin only when the output has given the reader up.</summary>
    private static Task<string> ReadAtOnce(FileStream stream) => Task.Factory.StartNew(
        () => new StreamReader(stream).ReadToEnd(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Rows of 18 bytes and padding, more of them than a pipe holds; no page of it ends with one.</summary>
    private string WriteMoreThanFits(int padding = 0, int rows = 20_000)
    {
        string block = string.Concat(Enumerable.Range(0, rows).Select(i => $"{i:000000},{new string('x', padding)}is so long\n"));
        _run.Write(block);
        Assert.True(_run.Output.IsFailing);
        return block;
    }

    private void AwaitReader() => ResilientRun.Await(
        () =>
        {
            _run.Clock.Advance(s_pause);
            _run.Output.Tick();
            return !_run.Output.IsFailing;
        },
        "the reader was found");
}
