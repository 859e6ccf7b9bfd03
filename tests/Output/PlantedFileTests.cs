using System.Runtime.Versioning;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Tests.Output;

/// <summary>What others put into the folder of an output, or take out of it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PlantedFileTests : IDisposable
{
    private readonly ResilientRun _run = new();
    private readonly string _victim;

    public PlantedFileTests() => _victim = _run.Folder.Write("victim", "precious");

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("-s", "it is a symbolic link")]
    [InlineData("-P", "it has another name")]
    public void A_link_under_the_partial_name_is_not_written_to(string kind, string reason)
    {
        Plant(kind);
        _run.Open("f.csv");
        _run.Write("1\n");
        Assert.Contains("f-1.csv: a,b 1", _run.Complete());
        Assert.StartsWith(
            $"{_run.Folder["f.csv.partial"]}: is left as it is: {reason}", Assert.Single(_run.Told), StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_victim));
    }

    [Theory]
    [InlineData("-s", "it is a symbolic link")]
    [InlineData("-P", "it has another name")]
    public void A_link_under_the_partial_name_of_a_summary_is_refused(string kind, string reason)
    {
        Plant(kind);
        string message = Assert.Throws<OutputException>(() => OutputFile.Open(_run.Folder["f.csv"])).Message;
        Assert.Contains($"{_run.Folder["f.csv.partial"]}: {reason}", message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_victim));
    }

    [Fact]
    public void A_link_that_leads_nowhere_and_a_pipe_are_not_written_to()
    {
        File.CreateSymbolicLink(_run.Folder["f.csv.partial"], _run.Folder["nowhere"]);
        Launched.Start("mkfifo", _run.Folder["f-1.csv.partial"]).Finish().Succeeded();
        _run.Open("f.csv");
        _run.Write("1\n");
        Assert.Throws<OutputException>(() => OutputFile.Open(_run.Folder["f.csv"]));
        Assert.Throws<OutputException>(() => OutputFile.Open(_run.Folder["f-1.csv"]));
        _run.Output.Complete();
        Assert.Equal("a,b 1", _run.Text("f-2.csv"));
        Assert.False(File.Exists(_run.Folder["nowhere"]));
    }

    [RootFact]
    public void A_file_of_another_user_is_not_written_to()
    {
        string planted = _run.Folder.Write("f.csv.partial", "a,b\nplanted\n");
        Launched.Start("chown", "nobody", planted).Finish().Succeeded();
        _run.Open("f.csv");
        _run.Write("1\n");
        Assert.Contains("belongs to another user", Assert.Throws<OutputException>(
            () => OutputFile.Open(_run.Folder["f.csv"])).Message, StringComparison.Ordinal);
        Assert.Contains("f-1.csv: a,b 1", _run.Complete());
        Assert.Equal("a,b\nplanted\n", File.ReadAllText(planted));
    }

    [RootFact]
    public void A_link_of_another_user_does_not_choose_which_file_is_replaced()
    {
        File.CreateSymbolicLink(_run.Folder["f.csv"], _victim);
        using (OutputFile own = OutputFile.Open(_run.Folder["f.csv"]))
        {
            Assert.Equal("precious", File.ReadAllText(_victim));
        }

        Launched.Start("chown", "-h", "nobody", _run.Folder["f.csv"]).Finish().Succeeded();
        Assert.Contains("is a symbolic link of another user", Assert.Throws<OutputException>(
            () => OutputFile.Open(_run.Folder["f.csv"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rm")]
    [InlineData("mv")]
    [InlineData("cp")]
    public void Rows_of_a_file_that_is_taken_away_are_said_and_counted_and_the_next_go_on(string taken)
    {
        _run.Open("f.csv");
        _run.Write("1\n22\n");
        string partial = _run.Folder["f.csv.partial"];
        Take(taken, partial);
        ResilientRun.Await(() => _run.Told.Length == 1, "it was noticed");
        Assert.Equal($"{partial}: somebody took it away; its 2 rows are lost.", _run.Told[0]);
        Assert.Equal(2, _run.Output.LostRows);
        Assert.Equal(5, _run.Output.LostBytes);
        File.Delete(partial);
        _run.Write("3\n");
        Assert.Contains("a,b 3", _run.Complete().Where(line => line.StartsWith('f')).Select(line => line.Split(": ")[1]));
        Assert.Equal((1, 2), (_run.Output.Rows, _run.Output.LostRows));
        Assert.Equal((2, 5), (_run.Output.Bytes, _run.Output.LostBytes));
        Assert.False(_run.Output.IsFailing);
    }

    [Fact]
    public void A_file_that_is_taken_away_in_the_last_moment_is_counted()
    {
        _run.Open("f.csv");
        _run.Write("1\n");
        Take("rm", _run.Folder["f.csv.partial"]);
        Assert.Equal(["victim: precious"], _run.Complete());
        Assert.Equal((0, 1), (_run.Output.Rows, _run.Output.LostRows));
        Assert.Single(_run.Told);
    }

    [Fact]
    public void No_other_run_deletes_a_file_between_its_creation_and_its_lock()
    {
        string path = _run.Folder["f.csv.partial"];
        bool isOver = false;
        Thread other = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    PartialFile.TryTakeOver(SystemDisk.Instance, path, RowFraming.Lines)?.Dispose();
                }
                catch (IOException)
                {
                    // It is locked, which is what keeps it.
                }
            }
        });
        other.Start();
        int created = 0;
        while (created < 20_000)
        {
            SafeFileHandle? file = OwnFile.TryCreate(path);
            if (file != null)
            {
                created++;
                if (!OwnFile.IsNamed(file, path))
                {
                    break;
                }

                File.Delete(path);
                file.Dispose();
            }
        }

        Volatile.Write(ref isOver, true);
        other.Join();
        Assert.Equal(20_000, created);
    }

    private void Plant(string kind) => Launched.Start("ln", kind, _victim, _run.Folder["f.csv.partial"]).Finish().Succeeded();

    private void Take(string how, string partial)
    {
        if (how == "mv")
        {
            File.Move(partial, _run.Folder["elsewhere"]);
        }
        else
        {
            File.Delete(partial);
        }

        if (how == "cp")
        {
            File.WriteAllText(partial, "another file of that name");
        }
    }
}
