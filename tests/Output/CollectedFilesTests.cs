using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>Collected files count up to their last commit, whatever becomes of the run.</summary>
public sealed class CollectedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new("2026-01-02T03:04:17");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_committed_is_finished_by_the_next_run_and_the_rest_is_cut_off()
    {
        using (CollectedFiles files = Open())
        {
            Write(files, "a", "1\n2\n");
            files.Commit("""{"at":1}"""u8.ToArray());
            Write(files, "a", "3\n");
            Write(files, "b", "4\n");
        }

        Assert.Equal(["t-1.csv.partial", "t.csv.journal", "t.csv.partial"], _folder.Names());
        using (CollectedFiles files = Open())
        {
            Assert.Equal("""{"at":1}""", Encoding.UTF8.GetString(files.Source));
            Assert.Equal(["t.csv", "t.csv.journal"], _folder.Names());
            Assert.Equal("h\n1\n2\n", Text("t.csv"));
            Write(files, "a", "3\n");
            files.EndAll();
            files.Commit("""{"at":2}"""u8.ToArray());
        }

        Assert.Equal("h\n3\n", Text("t-1.csv"));
    }

    [Fact]
    public void A_file_that_ended_has_its_name_only_after_a_commit()
    {
        using CollectedFiles files = Open("1m");
        Write(files, "a", "1\n");
        _clock.Set("2026-01-02T03:05:00");
        Write(files, "a", "2\n");
        Assert.DoesNotContain("t.csv", _folder.Names());
        files.Commit("{}"u8.ToArray());
        Assert.Equal(["t-1.csv.partial", "t.csv", "t.csv.journal"], _folder.Names());
        _clock.Set("2026-01-02T03:06:00");
        files.Commit("{}"u8.ToArray());
        Assert.Equal(["t-1.csv", "t.csv", "t.csv.journal"], _folder.Names());
    }

    [Fact]
    public void Files_are_rotated_by_size()
    {
        using CollectedFiles files = Open("8B");
        Write(files, "a", "1\n2\n");
        Write(files, "a", "3\n4\n");
        files.EndAll();
        files.Commit("{}"u8.ToArray());
        Assert.Equal(("h\n1\n2\n", "h\n3\n4\n"), (Text("t.csv"), Text("t-1.csv")));
    }

    [Fact]
    public void A_partial_file_of_somebody_else_is_let_alone()
    {
        _folder.Write("t.csv.partial", "h\n9\n");
        using (CollectedFiles files = Open())
        {
            Write(files, "a", "1\n");
            files.EndAll();
            files.Commit("{}"u8.ToArray());
        }

        Assert.Equal(["t-1.csv", "t.csv.journal", "t.csv.partial"], _folder.Names());
    }

    [Fact]
    public void Only_one_run_collects_at_a_place()
    {
        using CollectedFiles files = Open();
        Assert.Contains("another run writes to it", Assert.Throws<IOException>(() => Open()).Message, StringComparison.Ordinal);
    }

    /// <summary>A power cut in the midst of a commit leaves the one before.</summary>
    [Fact]
    public void A_journal_that_is_torn_says_what_it_said_before()
    {
        using (CollectedFiles files = Open())
        {
            Write(files, "a", "1\n");
            files.Commit("""{"at":1}"""u8.ToArray());
            Write(files, "a", "2\n");
            files.Commit("""{"at":2}"""u8.ToArray());
        }

        byte[] journal = File.ReadAllBytes(_folder["t.csv.journal"]);
        int newest = Encoding.UTF8.GetString(journal).IndexOf("""{"at":2}""", StringComparison.Ordinal);
        journal[newest + 6] = (byte)'3';
        File.WriteAllBytes(_folder["t.csv.journal"], journal);
        using CollectedFiles next = Open();
        Assert.Equal("""{"at":1}""", Encoding.UTF8.GetString(next.Source));
        Assert.Equal("h\n1\n", Text("t.csv"));
    }

    /// <summary>Kills at random: each number is in the files once, in order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_killed_when_each_row_is_there_once(int seed)
    {
        Random random = new(seed);
        int committed = 0;
        CollectedFiles files = Open("1h", "40B");
        for (int step = 0, next = 0; step < 300; step++)
        {
            switch (random.Next(6))
            {
                case < 3:
                    Write(files, random.Next(3) == 0 ? "a" : "b", $"{next++}\n");
                    break;
                case 3:
                    files.Commit(Encoding.UTF8.GetBytes($"{next}"));
                    committed = next;
                    break;
                case 4:
                    files.Dispose();
                    files = Open("1h", "40B");
                    string source = Encoding.UTF8.GetString(files.Source);
                    Assert.Equal(committed, int.TryParse(source, out int at) ? at : 0);
                    next = committed;
                    break;
                default:
                    _clock.Advance(TimeSpan.FromMinutes(random.Next(30)));
                    break;
            }
        }

        files.Dispose();
        Open().Dispose();
        Assert.Equal(
            Enumerable.Range(0, committed),
            _folder.Names().Where(name => name.EndsWith(".csv", StringComparison.Ordinal)).SelectMany(
                name => File.ReadLines(_folder[name]).Skip(1)).Select(
                line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    private static void Write(CollectedFiles files, string table, string rows) =>
        files.Write("h\n"u8, table, Encoding.UTF8.GetBytes(rows));

    private string Text(string name) => File.ReadAllText(_folder[name]);

    private CollectedFiles Open(params string[] rotation) =>
        new(SystemDisk.Instance, _folder["t.csv"], Rotation.Parse(rotation), RowFraming.Lines, _clock);
}
