using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Output;

/// <summary>When files end, what they are called and what is in them.</summary>
public sealed class RotatingFileTargetTests : IDisposable
{
    private readonly ResilientRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Files_end_on_the_minute()
    {
        _run.Open("f-%H%M%S.csv", "60s");
        _run.Write("1\n");
        _run.WriteAt("2026-01-02T03:04:59.9999999", "2\n");
        _run.WriteAt("2026-01-02T03:05:00", "3\n");
        _run.WriteAt("2026-01-02T03:06:30", "4\n");
        _run.WriteAt("2026-01-02T03:06:31", "5\n");

        // The first is named for the start of the run, the others for their minute, also where the first row came late; the minute
        // without rows has no file.
        _run.WriteAt("2026-01-02T03:08:59", "6\n");
        Assert.Equal(["f-030417.csv: a,b 1 2", "f-030500.csv: a,b 3", "f-030600.csv: a,b 4 5", "f-030800.csv: a,b 6"], _run.Complete());
        Assert.Equal(6, _run.Output.Rows);
        Assert.Equal(0, _run.Output.LostRows);
    }

    [Fact]
    public void A_file_ends_when_no_row_comes()
    {
        _run.Open("f-%H%M%S.csv", "60s");
        _run.Write("1\n");
        Assert.Equal(["f-030417.csv.partial"], _run.Folder.Names());
        _run.Clock.Set("2026-01-02T03:05:00");
        ResilientRun.Await(() => _run.Folder.Names() is ["f-030417.csv"], "the file had its name");
        Assert.Equal(["f-030417.csv: a,b 1"], _run.Complete());
    }

    [Fact]
    public void An_interval_without_rows_has_no_file_but_a_run_without_any_leaves_the_header()
    {
        _run.Open("f-%H%M%S.csv", "60s");
        Assert.Equal(["f-030417.csv.partial"], _run.Folder.Names());
        _run.Clock.Set("2026-01-02T03:05:00");
        _run.Output.RotateNow();
        Assert.Empty(_run.Folder.Names());
        _run.Clock.Set("2026-01-02T03:06:10");
        _run.Output.RotateNow();
        Assert.Equal(["f-030610.csv: a,b"], _run.Complete());
        Assert.Empty(_run.Told);
    }

    [Fact]
    public void A_run_without_rows_leaves_the_header()
    {
        _run.Open("f.csv");
        Assert.Equal(["f.csv: a,b"], _run.Complete());
    }

    /// <summary>Whatever happens between the opening of the file and its header: a boundary, a clock that is set, SIGHUP.</summary>
    [Theory]
    [InlineData("2026-01-02T03:05:00", false)]
    [InlineData("2026-01-02T02:59:00", false)]
    [InlineData("2026-01-02T03:04:17", true)]
    public void An_interval_may_end_before_the_header_is_known(string time, bool isAsked)
    {
        using ResilientOutput output = _run.OpenOnly("f-%H%M%S.csv", "60s");
        _run.Clock.Set(time);
        output.Tick();
        if (isAsked)
        {
            output.RotateNow();
        }

        Assert.Empty(_run.Folder.Names());
        _run.Begin();
        _run.Write("1\n");
        Assert.EndsWith(": a,b 1", Assert.Single(_run.Complete()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ended_without_rows_leaves_its_name_to_the_next()
    {
        _run.Open("f.csv");
        _run.Output.RotateNow();
        _run.Output.RotateNow();
        _run.Write("1\n");
        _run.Output.RotateNow();
        _run.Output.RotateNow();
        _run.Write("2\n");
        Assert.Equal(["f-1.csv: a,b 2", "f.csv: a,b 1"], _run.Complete());
    }

    [Theory]
    [InlineData("flows.csv", "", false)]
    [InlineData("100%%.csv", "", false)]
    [InlineData("/a%H/flows.csv", "", false)]
    [InlineData("flows-%H.csv", "", true)]
    [InlineData("flows.csv", "60s", true)]
    public void One_file_follows_the_other_by_name_or_by_rotation(string path, string rotation, bool isSo) =>
        Assert.Equal(isSo, ResilientOutput.HasManyFiles(path, rotation.Length == 0 ? Rotation.Never : Rotation.Parse([rotation])));

    [Fact]
    public void No_file_is_larger_than_told_and_rows_stay_whole()
    {
        _run.Open("f.csv", "12B");
        _run.Write("11\n22\n33\n44\n");
        _run.Write("55\n");
        _run.Write("a row that is longer than a file may be\n6\n");
        _run.Write("7\n");
        Assert.Equal(
            [
                "f-1.csv: a,b 33 44", "f-2.csv: a,b 55", "f-3.csv: a,b a row that is longer than a file may be", "f-4.csv: a,b 6 7",
                "f.csv: a,b 11 22",
            ],
            _run.Complete());
        Assert.Equal(8, _run.Output.Rows);
    }

    [Fact]
    public void Time_and_size_together()
    {
        _run.Open("f-%M.csv", "1m", "8B");
        _run.Write("1\n2\n3\n");
        _run.WriteAt("2026-01-02T03:05:01", "4\n");
        _run.Write("5\n6\n");
        Assert.Equal(["f-04-1.csv: a,b 3", "f-04.csv: a,b 1 2", "f-05-1.csv: a,b 6", "f-05.csv: a,b 4 5"], _run.Complete());
    }

    [Fact]
    public void Rotating_on_demand_names_the_file_and_begins_another()
    {
        _run.Open("f-%S.csv");
        _run.Write("1\n");
        _run.Output.RotateNow();
        _run.Write("2\n");
        _run.Clock.Advance(TimeSpan.FromSeconds(1));
        _run.Output.RotateNow();
        _run.Output.RotateNow();
        _run.Write("3\n");
        Assert.Equal(["f-17-1.csv: a,b 2", "f-17.csv: a,b 1", "f-18.csv: a,b 3"], _run.Complete());
    }

    [Fact]
    public void What_is_there_is_never_replaced()
    {
        _run.Folder.Write("f.csv", "yesterday");
        _run.Open("f.csv");
        _run.Write("1\n");

        // Somebody takes the name meanwhile.
        _run.Folder.Write("f-1.csv", "somebody");
        Assert.Equal(["f-1-1.csv: a,b 1", "f-1.csv: somebody", "f.csv: yesterday"], _run.Complete());
    }

    [Fact]
    public void A_clock_that_is_set_back_begins_a_file()
    {
        _run.Open("f-%H%M%S.csv", "60s");
        _run.Write("1\n");
        _run.WriteAt("2026-01-02T02:00:30", "2\n");
        Assert.Equal(["f-020000.csv: a,b 2", "f-030417.csv: a,b 1"], _run.Complete());
    }

    [Fact]
    public void What_a_killed_run_left_is_finished_by_the_next()
    {
        _run.Folder.Write("f-01.csv.partial", "a,b\n1\n2\n3 is to");
        _run.Folder.Write("f-02.csv.partial", "a,b\nto");
        _run.Folder.Write("f-03.csv.partial", "");
        _run.Folder.Write("f-04.csv", "there");
        _run.Folder.Write("f-04.csv.partial", "a,b\n4\n");
        _run.Folder.Write("g-05.csv.partial", "not ours");
        _run.Open("f-%M.csv", "60s");
        _run.Write("5\n");
        Assert.Equal(
            ["f-01.csv: a,b 1 2", "f-04-1.csv: a,b 4", "f-04-2.csv: a,b 5", "f-04.csv: there", "g-05.csv.partial: not ours"],
            _run.Complete());
        Assert.Equal(
            [
                $"{_run.Folder["f-01.csv"]}: has the 2 rows that an earlier run left in {_run.Folder["f-01.csv.partial"]}.",
                $"{_run.Folder["f-04-1.csv"]}: has the 1 rows that an earlier run left in {_run.Folder["f-04.csv.partial"]}.",
            ],
            _run.Told);
    }

    [Fact]
    public void A_run_that_ends_without_completing_leaves_whole_rows()
    {
        _run.Open("f.csv");
        _run.Write("1\n");
        _run.Output.RotateNow();
        ResilientRun.Await(() => _run.Folder.Names().Contains("f.csv"), "the first file had its name");
        _run.Write("2\n");
        _run.Output.Dispose();
        Assert.Equal(["f-1.csv.partial", "f.csv"], _run.Folder.Names());
        Assert.Equal("a,b 2", _run.Text("f-1.csv.partial"));
    }

    [Fact]
    public void Two_runs_of_one_name_do_not_touch_each_others_files()
    {
        using ResilientOutput other = ResilientOutput.Open(_run.Folder["f.csv"], Rotation.Never, _run.Clock, Assert.Fail);
        other.Begin("a,b\n"u8);
        other.Write("other\n"u8);
        _run.Open("f.csv");
        _run.Write("1\n");
        other.Complete();
        Assert.Equal(["f-1.csv: a,b 1", "f.csv: a,b other"], _run.Complete());
        Assert.StartsWith($"{_run.Folder["f.csv.partial"]}: is left as it is:", Assert.Single(_run.Told), StringComparison.Ordinal);
    }
}
