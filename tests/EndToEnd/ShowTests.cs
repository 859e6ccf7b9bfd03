using System.Globalization;
using System.Text;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>flowmeter show</c>: the same flows of captures and of tables in all formats, asked, sorted and summed up.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ShowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("t.csv")]
    [InlineData("t.csv.gz")]
    [InlineData("t.csv.zst")]
    [InlineData("t.jsonl")]
    [InlineData("t.parquet")]
    public void A_table_in_any_format_gives_the_flows_of_the_capture(string name)
    {
        string table = _folder[name];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "--workers", "1", "-o", table).Succeeded();
        string[] question = ["dst_port in (80, 443) and bytes > 10kB", "--sort", "bytes", "-q"];
        string expected = FlowMeterBinary.Run(["show", Samples.Office, .. question]).Succeeded().Output;
        CsvTable answer = CsvTable.Parse(expected);
        Assert.InRange(answer.Rows.Count, 2, 50);
        Assert.Equal(answer.Texts("bytes").Select(Number).OrderDescending(), answer.Texts("bytes").Select(Number));
        Assert.Equal(expected, FlowMeterBinary.Run(["show", table, .. question]).Succeeded().Output);
    }

    [BinaryFact]
    public void The_rows_are_those_that_another_program_chooses()
    {
        string table = _folder["t.csv"];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", table).Succeeded();
        CsvTable all = CsvTable.Parse(File.ReadAllText(table));
        CsvTable chosen = FlowMeterBinary.Run(
            "show", table, "src_ip in 203.0.113.0/24 and (packets >= 3 or duration > 1ms) and not dst_port == 22", "-q").Table();
        IEnumerable<int> expected = Enumerable.Range(0, all.Rows.Count).Where(row =>
            all.Text(row, "src_ip").StartsWith("203.0.113.", StringComparison.Ordinal)
                && (all.Number(row, "packets") >= 3 || all.Number(row, "duration_us") > 1000) && all.Text(row, "dst_port") != "22");
        Assert.NotEmpty(chosen.Rows);
        Assert.Equal(expected.Select(row => string.Join(',', all.Rows[row])), chosen.Rows.Select(row => string.Join(',', row)));
    }

    [BinaryFact]
    public void Groups_add_up_to_the_whole()
    {
        CsvTable all = FlowMeterBinary.Run("read", Samples.Office, "-q").Table();
        CsvTable groups = FlowMeterBinary.Run("show", Samples.Office, "--by", "src_ip,protocol", "-q").Table();
        Assert.Equal(all.Rows.Count, groups.Sum("flows"));
        Assert.Equal(all.Sum("bytes"), groups.Sum("bytes"));
        Assert.Equal(all.Sum("fwd_bytes"), groups.Sum("fwd_bytes"));
        Assert.Equal(
            all.Texts("src_ip").Zip(all.Texts("protocol")).Distinct().Count(), groups.Rows.Count);
    }

    [BinaryFact]
    public void A_capture_is_metered_by_the_options_of_read()
    {
        CsvTable few = FlowMeterBinary.Run("show", Samples.Office, "--filter", "udp port 53", "--profile", "cic", "-q").Table();
        CsvTable read = FlowMeterBinary.Run("read", Samples.Office, "--filter", "udp port 53", "--profile", "cic", "-q").Table();
        Assert.Equal(read.Set(), few.Set());
        Assert.NotEmpty(few.Rows);
    }

    [BinaryFact]
    public void The_first_rows_end_the_run()
    {
        string capture = _folder["big.pcap"];
        FlowMeterBinary.Run("generate", capture, "--packets", "400000", "--flows", "40000").Succeeded();
        Finished finished = FlowMeterBinary.Run("show", capture, "--top", "3", "--idle-timeout", "1ms").Succeeded();
        Assert.Equal(3, CsvTable.Parse(finished.Output).Rows.Count);
        Assert.Contains(", 3 shown", finished.Errors, StringComparison.Ordinal);
    }

    [BinaryTheory(Need.Script)]
    [InlineData("show OFFICE 'dst_port == 80' --top 3 -q", "TIME ")]
    [InlineData("show OFFICE --by dst_port --top 3 -q", "dst_port flows")]
    [InlineData("show OFFICE --top 3 -q --format csv", "start_time,end_time")]
    [InlineData("read OFFICE -q", "TIME ")]
    [InlineData("read OFFICE -q --view csv", "start_time,end_time")]
    [InlineData("read OFFICE -q -o -", "start_time,end_time")]
    public void A_terminal_gets_a_table_for_people(string line, string begins)
    {
        string output = PseudoTerminal.Run("C.UTF-8", line.Replace("OFFICE", Samples.Office, StringComparison.Ordinal) + " --color never")
            .Output;
        Assert.StartsWith(begins, output, StringComparison.Ordinal);
        if (!begins.Contains(','))
        {
            Assert.All(output.Split('\n'), shown => Assert.InRange(shown.TrimEnd('\r').Length, 0, 80));
        }
    }

    [BinaryFact(Need.Script)]
    public void A_terminal_gets_colours_and_no_other_sequence()
    {
        string output = PseudoTerminal.Run("C.UTF-8", $"read {Samples.Office} --threshold 0.45,0.5").Output;
        string[] sequences = [.. System.Text.RegularExpressions.Regex.Matches(output, "\x1b[^m]*m?").Select(match => match.Value).Distinct()
            .Order(StringComparer.Ordinal)];
        Assert.Equal(["\x1b[0m", "\x1b[1m", "\x1b[33m"], sequences.Where(sequence => sequence != "\x1b[1;31m"));
        Assert.Contains("flows  ", output, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Hostile_names_are_no_orders_to_a_terminal()
    {
        string table = _folder.Write("t.csv", "src_ip,dst_ip,dst_port,server_name\n10.0.0.1,10.0.0.2,443,\u001b]0;evil\u0007\u202e\n");
        string output = FlowMeterBinary.Run("show", table, "--format", "table", "-q").Succeeded().Output;
        Assert.DoesNotContain(output.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
        Assert.Contains("\\u{1B}]0;evil", output, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void More_rows_than_memory_holds_are_sorted_and_nothing_is_left()
    {
        // 110 MB of rows, where 64 MB are kept in memory.
        const int Count = 500_000;
        StringBuilder rows = new("src_ip,bytes,note\n");
        for (int i = 0; i < Count; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"10.{i % 200}.0.1,{(i * 7919L) % 1_000_003},{new string('x', 170)}\n");
        }

        string table = _folder.Write("t.csv", rows.ToString());
        string sorted = _folder["s.csv"];
        FlowMeterBinary.Run("show", table, "--sort", "bytes", "-q", "-o", sorted).Succeeded();
        long[] bytes = [.. File.ReadLines(sorted).Skip(1).Select(line => long.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        Assert.Equal(Count, bytes.Length);
        Assert.Equal(bytes.OrderDescending(), bytes);
        Assert.Equal(["s.csv", "t.csv"], _folder.Names());
    }

    [BinaryTheory]
    [InlineData(
        "dst_prt == 443", "  dst_prt == 443\n  ^^^^^^^\nflowmeter: expression: dst_prt: no such column; did you mean dst_port?\n")]
    [InlineData(
        "bytes > many", "  bytes > many\n          ^^^^\nflowmeter: expression: bytes is a number; write it as 443, 0.9, 10k or 64MB.\n")]
    public void An_expression_that_does_not_fit_the_table_is_one_line_and_its_place(string expression, string errors)
    {
        Finished finished = FlowMeterBinary.Run("show", Samples.Office, expression);
        Assert.Equal((2, "", errors), (finished.ExitCode, finished.Output, finished.Errors));
    }

    [BinaryFact]
    public void A_damaged_capture_gives_what_can_be_read_and_fails()
    {
        byte[] whole = File.ReadAllBytes(Samples.Office);
        string cut = _folder.Write("cut.pcap", whole[..(whole.Length / 2)]);
        Finished finished = FlowMeterBinary.Run("show", cut, "--by", "protocol", "-q").EndedWith(1);
        Assert.Contains("cut.pcap: ", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.True(CsvTable.Parse(finished.Output).Rows.Count > 1);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
