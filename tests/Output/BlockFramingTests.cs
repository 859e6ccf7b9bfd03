using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>Files of blocks are whole, counted and ended as files of lines are.</summary>
public sealed class BlockFramingTests : IDisposable
{
    private const string Header = "03HEA";

    private readonly ResilientRun _run = new(framing: new SumFraming());

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Each_file_gets_its_header_and_its_own_trailer()
    {
        Open("60s");
        _run.Write("21x12yz");
        _run.WriteAt("2026-01-02T03:05:00", "91a");
        Assert.Equal([$"f-030417: {Ended(Header + "21x12yz")}", $"f-030500: {Ended(Header + "91a")}"], _run.Complete());
        Assert.Equal(12, _run.Output.Rows);
    }

    [Fact]
    public void A_file_of_a_dead_run_is_cut_behind_its_last_whole_block_and_ended()
    {
        _run.Folder.Write("f-010000.partial", $"{Header}21x12yz95ab");
        _run.Folder.Write("f-020000.partial", $"{Header}95ab");
        Open("60s");
        Assert.Equal(
            [$"f-010000: {Ended(Header + "21x12yz")}", $"f-030417: {Ended(Header)}"], _run.Complete());
        Assert.Contains("has the 3 rows that an earlier run left", Assert.Single(_run.Told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_ends_before_the_block_that_is_too_large_for_it()
    {
        Open("12B");
        _run.Write("13abc13def14long");
        Assert.Equal(
            [$"f-030417: {Ended(Header + "13abc")}", $"f-030417-1: {Ended(Header + "13def")}", $"f-030417-2: {Ended(Header + "14long")}"],
            _run.Complete());
    }

    [Fact]
    public void A_file_that_is_replaced_as_a_whole_has_a_trailer_and_its_rows_are_counted()
    {
        using (OutputFile output = OutputFile.Open(_run.Folder["whole"], new SumFraming()))
        {
            output.Begin(Encoding.ASCII.GetBytes(Header));
            output.Write("21x"u8);
            output.Write("31y"u8);
            output.Complete();
            Assert.Equal(5, output.Rows);
        }

        Assert.Equal(Ended(Header + "21x31y"), File.ReadAllText(_run.Folder["whole"]));
    }

    private static string Ended(string content) => $"{content}[{content.Sum(c => c)}]";

    private void Open(string rotation)
    {
        _run.OpenOnly("f-%H%M%S", rotation);
        _run.Output.Begin(Encoding.ASCII.GetBytes(Header));
    }
}
