using FlowMeter.Engine.Output;
using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Tests.Output;

/// <summary>Failures of files: told once, counted, and got over.</summary>
public sealed class ResilientFailureTests : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly ResilientRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_missing_folder_is_a_failure_at_once()
    {
        string path = _run.Folder["none/f-%Y.csv"];
        string message = Assert.Throws<OutputException>(() => _run.Open("none/f-%Y.csv", "60s")).Message;
        Assert.Equal($"{path}: there is no folder {_run.Folder["none"]}; make it, or choose another place.", message);
    }

    [Fact]
    public void A_folder_is_no_file() => Assert.Contains(
        "is a directory; name a file in it", Assert.Throws<OutputException>(() => _run.Open("")).Message, StringComparison.Ordinal);

    [Fact]
    public void No_permission_is_a_failure_at_once()
    {
        // Root may write everywhere but here: sysfs makes no files.
        string folder = Environment.IsPrivilegedProcess ? "/sys/kernel" : _run.Folder.Path;
        if (!Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string path = Path.Join(folder, "f.csv");
        OutputException failure = Assert.Throws<OutputException>(() => ResilientOutput.Open(path, Rotation.Never, _run.Clock, Assert.Fail));
        Assert.StartsWith($"{path}: can not be written: ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/null")]
    public void Only_files_rotate(string path)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => ResilientOutput.Check(path, Rotation.Parse("1h")));
        Assert.Equal($"{path}: is not a file, so there is nothing to rotate; name a file.", refusal.Message);
        ResilientOutput.Check(path, Rotation.Never);
    }

    [Fact]
    public void A_device_that_is_full_from_the_start_is_a_failure_at_once()
    {
        using ResilientOutput output = ResilientOutput.Open("/dev/full", Rotation.Never, _run.Clock, Assert.Fail);
        OutputException failure = Assert.Throws<OutputException>(() => output.Begin("a,b\n"u8));
        Assert.Equal("/dev/full: can not be written: No space left on device; make room.", failure.Message);
    }

    [Fact]
    public void A_descriptor_is_written_to_where_it_stands()
    {
        string log = _run.Folder.Write("log", "");
        using SafeFileHandle descriptor = Descriptors.OpenToWrite(log);
        int number = (int)descriptor.DangerousGetHandle();
        Descriptors.Write(number, "before\n"u8);
        using (ResilientOutput output = ResilientOutput.Open($"/dev/fd/{number}", Rotation.Never, _run.Clock, Assert.Fail))
        {
            output.Begin("a,b\n"u8);
            output.Write("1\n"u8);
            output.Complete();
        }

        Descriptors.Write(number, "after\n"u8);
        Assert.Equal("before\na,b\n1\nafter\n", File.ReadAllText(log));
    }

    [Fact]
    public void A_folder_that_goes_away_costs_rows_until_it_is_back()
    {
        _run.Open("f.csv");
        _run.Write("1\n");
        string away = _run.Folder.Path + "-away";
        Directory.Move(_run.Folder.Path, away);
        _run.Output.RotateNow();
        ResilientRun.Await(() => _run.Told.Length > 0, "the rename failed");
        _run.Write("22\n33\n");
        _run.Write("44\n");
        Assert.True(_run.Output.IsFailing);
        Assert.Equal((3, 9), (_run.Output.LostRows, _run.Output.LostBytes));
        Directory.Move(away, _run.Folder.Path);

        // Not before a second has passed.
        _run.Write("5\n");
        Assert.Equal(4, _run.Output.LostRows);
        _run.Clock.Advance(s_pause);
        _run.Write("6\n");
        Assert.False(_run.Output.IsFailing);
        string[] files = _run.Complete();
        Assert.Equal(0, _run.Output.UnnamedFiles);
        Assert.Equal(["a,b 1", "a,b 6"], files.Select(file => file.Split(": ")[1]).Order());
        Assert.Equal((2, 4), (_run.Output.Rows, _run.Output.LostRows));
        Assert.Equal(3, _run.Told.Length);
        Assert.Contains("can not be finished: ", _run.Told[0], StringComparison.Ordinal);
        Assert.Contains("can not be written: ", _run.Told[1], StringComparison.Ordinal);
        Assert.EndsWith("is written again; 4 rows (11 bytes) were lost.", _run.Told[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_in_a_folder_that_is_gone_at_the_end_are_lost()
    {
        _run.Open("f.csv");
        _run.Write("1\n");
        _run.Output.RotateNow();
        ResilientRun.Await(() => _run.Folder.Names() is ["f.csv"], "the first file had its name");
        _run.Write("22\n33\n");
        Directory.Delete(_run.Folder.Path, recursive: true);
        _run.Output.Complete();
        Directory.CreateDirectory(_run.Folder.Path);
        Assert.Equal((1, 2), (_run.Output.Rows, _run.Output.LostRows));
        Assert.Equal((2, 6), (_run.Output.Bytes, _run.Output.LostBytes));
        Assert.Equal(1, _run.Output.UnnamedFiles);
        Assert.Contains("somebody took it away; its 2 rows are lost", _run.Told[^1], StringComparison.Ordinal);
    }

    [MountFact]
    public void A_full_disk_costs_rows_until_there_is_room()
    {
        using SmallDisk disk = new(_run.Folder["disk"], "256k");
        File.WriteAllBytes(_run.Folder["disk/ballast"], new byte[100_000]);
        _run.Open("disk/f.csv");
        string block = string.Concat(Enumerable.Range(0, 1000).Select(i => $"row {i:000},filled up to a length\n"));
        int blocks = 0;
        for (; !_run.Output.IsFailing; blocks++)
        {
            Assert.InRange(blocks, 0, 20);
            _run.Write(block);
        }

        // Of the block that did not fit the whole rows stay; those behind it are not even tried.
        long written = _run.Output.Rows;
        Assert.NotEqual(0, written % 1000);
        Assert.Equal(blocks * 1000, written + _run.Output.LostRows);
        _run.Write(block);
        _run.Clock.Advance(s_pause);
        _run.Write(block);
        blocks += 2;
        Assert.True(_run.Output.IsFailing);
        Assert.Single(_run.Told);
        Assert.Contains("f.csv: can not be written: No space left on device", _run.Told[0], StringComparison.Ordinal);
        Assert.EndsWith("rows are lost until it can. To do: make room.", _run.Told[0], StringComparison.Ordinal);

        File.Delete(_run.Folder["disk/ballast"]);
        _run.Clock.Advance(s_pause);
        _run.Write(block);
        blocks++;
        Assert.False(_run.Output.IsFailing);
        Assert.Equal(blocks * 1000, _run.Output.Rows + _run.Output.LostRows);
        string lost = $"{_run.Output.LostRows} rows ({_run.Output.LostRows * 30} bytes)";
        Assert.EndsWith($"is written again; {lost} were lost.", _run.Told[1], StringComparison.Ordinal);
        _run.Output.Complete();
        string text = File.ReadAllText(_run.Folder["disk/f.csv"]);
        Assert.Equal(_run.Output.Rows, text.Split('\n').Count(line => line.Length == 29));
        Assert.Equal((_run.Output.Rows * 30) + ResilientRun.Header.Length, text.Length);
        Assert.Equal(_run.Output.Bytes, _run.Output.Rows * 30);
    }
}
