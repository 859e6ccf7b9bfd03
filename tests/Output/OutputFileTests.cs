using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>An output is replaced as a whole or not touched, whatever its folder.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _shared = $"/dev/shm/flowmeter-{Guid.NewGuid():N}.csv";

    public void Dispose()
    {
        _folder.Dispose();
        File.Delete(_shared);
        File.Delete(_shared + ".partial");
    }

    [Fact]
    public void A_new_name_takes_the_place_of_nothing_even_if_something_got_it_a_moment_ago()
    {
        string from = _folder.Write("flows.csv.partial", "new");
        string to = _folder.Write("flows.csv", "old");
        Assert.Throws<IOException>(() => SystemDisk.Instance.Rename(from, to, overwrite: false));
        Assert.Equal(("new", "old"), (File.ReadAllText(from), File.ReadAllText(to)));
        SystemDisk.Instance.Rename(from, _folder["flows-1.csv"], overwrite: false);
        Assert.Equal(["flows-1.csv", "flows.csv"], _folder.Names());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_in_dev_shm_is_replaced_as_a_whole(bool exists)
    {
        if (!Directory.Exists("/dev/shm"))
        {
            return;
        }

        if (exists)
        {
            File.WriteAllText(_shared, new string('x', 100_000));
        }

        using (OutputFile output = OutputFile.Open(_shared))
        {
            output.Begin("header\n"u8);
            output.Write("row\n"u8);
            output.Complete();
        }

        Assert.Equal("header\nrow\n", File.ReadAllText(_shared));
        Assert.False(File.Exists(_shared + ".partial"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_not_completed_keeps_the_old_file_and_its_rows_under_the_partial_name(bool hasRows)
    {
        string path = _folder.Write("flows.csv", "old");
        using (OutputFile output = OutputFile.Open(path))
        {
            output.Begin("header\n"u8);
            output.Write(hasRows ? "row\n"u8 : []);
            Assert.Equal(hasRows ? path + ".partial" : null, output.Partial);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(hasRows, File.Exists(path + ".partial"));
    }

    [Fact]
    public void The_new_file_is_readable_by_who_might_read_the_old_one()
    {
        string path = _folder.Write("flows.csv", "old");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (OutputFile output = OutputFile.Open(path))
        {
            output.Write("row\n"u8);
            output.Complete();
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_that_can_not_get_its_name_is_a_failure_of_one_line()
    {
        string path = _folder["flows.csv"];
        using OutputFile output = OutputFile.Open(path);
        output.Write("row\n"u8);
        File.Delete(path + ".partial");
        string message = Assert.Throws<OutputException>(output.Complete).Message;
        Assert.StartsWith($"{path}: writing failed: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("the 4 bytes before are in", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_of_one_name_do_not_write_into_one_file()
    {
        string path = _folder["flows.csv"];
        using (OutputFile first = OutputFile.Open(path))
        {
            first.Write("first\n"u8);
            string message = Assert.Throws<OutputException>(() => OutputFile.Open(path)).Message;
            Assert.StartsWith($"{path}: can not be written: ", message, StringComparison.Ordinal);
            first.Complete();
        }

        using OutputFile second = OutputFile.Open(path);
        second.Write("second\n"u8);
        Assert.Equal("first\n", File.ReadAllText(path));
        second.Complete();
        Assert.Equal("second\n", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("/dev/null", true)]
    [InlineData("/dev/stdout", true)]
    [InlineData("/dev/fd/7", true)]
    [InlineData("-", true)]
    [InlineData("/dev/shm/none.csv", false)]
    [InlineData("none.csv", false)]
    public void What_is_a_device_is_found_out_by_its_type(string path, bool isStream) => Assert.Equal(isStream, OutputPath.IsStream(path));
}
