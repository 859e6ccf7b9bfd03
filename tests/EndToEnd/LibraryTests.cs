namespace FlowMeter.Tests.EndToEnd;

/// <summary>The shared library, used from C.</summary>
[Trait("Category", "EndToEnd")]
public sealed class LibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Compiler | Need.Library)]
    public void The_example_counts_what_the_command_line_writes()
    {
        string program = Compile(Path.Combine(Samples.Repository, "samples", "flows.c"));
        string[] rows = FlowMeterBinary.Run("read", Samples.Office).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int packets = Array.IndexOf(rows[0].Split(','), "packets");
        Finished finished = Launched.Start(program, Samples.Office).Finish().Succeeded();
        Assert.Equal(
            $"{rows.Length - 1} flows, {rows.Skip(1).Sum(row => int.Parse(row.Split(',')[packets], null))} packets, "
                + $"{rows.Count(row => row.EndsWith(",malicious", StringComparison.Ordinal))} malicious\n",
            finished.Output);
        Assert.Equal("", finished.Errors);
    }

    [BinaryTheory(Need.Compiler | Need.Library)]
    [InlineData("no-such.pcap", 1, "flows: no-such.pcap: no such file; check the path.\n")]
    [InlineData(
        "OFFICE --profile x", 2,
        "flows: --profile x: is not flowmeter, extended, full, cic, appflow or deepfence. See flowmeter read --help\n")]
    [InlineData("OFFICE -o x.csv", 2, "flows: -o: rows are handed over here and no file is written; leave it out.\n")]
    [InlineData("-", 2, "flows: -: standard input belongs to the program that calls; name a file or a pipe.\n")]
    [InlineData("--help", 2, "flows: only the files and options of flowmeter read are taken here.\n")]
    public void What_is_wrong_is_one_line(string arguments, int code, string line)
    {
        string program = Compile(Path.Combine(Samples.Repository, "samples", "flows.c"));
        Finished finished = Launched.Start(
            program, arguments.Replace("OFFICE", Samples.Office, StringComparison.Ordinal).Split(' ')).Finish();
        Assert.Equal((code, line), (finished.ExitCode, finished.Errors));
    }

    [BinaryFact(Need.Compiler | Need.Library)]
    public void A_torn_capture_gives_its_flows_and_then_the_failure()
    {
        byte[] whole = File.ReadAllBytes(Samples.Office);
        File.WriteAllBytes(_folder["torn.pcap"], whole[..(whole.Length / 2)]);
        Finished finished = Launched.Start(
            Compile(Path.Combine(Samples.Repository, "samples", "flows.c")), _folder["torn.pcap"]).Finish();
        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith($"flows: {_folder["torn.pcap"]}: ", finished.Errors, StringComparison.Ordinal);
        Assert.DoesNotMatch("^0 flows", finished.Output);
    }

    /// <summary>Columns may be moved out of a batch and outlive it and the stream; threads may read at a time.</summary>
    [BinaryFact(Need.Compiler | Need.Library)]
    public void Memory_lives_as_long_as_who_holds_it()
    {
        string program = Compile(Path.Combine(Samples.Repository, "tests", "EndToEnd", "library.c"), "-pthread");
        Launched.Start(program, Samples.Office).Finish().Succeeded();
    }

    private string Compile(string source, params string[] options)
    {
        string program = _folder["program"];
        Launched.Start(
            "cc",
            [
                "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", .. options, "-I", Path.Combine(Samples.Repository, "include"), source,
                SharedLibrary.Location!, $"-Wl,-rpath,{Path.GetDirectoryName(SharedLibrary.Location)}", "-o", program,
            ]).Finish().Succeeded();
        return program;
    }
}
