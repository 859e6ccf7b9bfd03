using System.Text;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// <c>--anonymize</c>: of no output of any command can a program read an original address, in whatever form it might stand there. The same
/// run without it shows that it would be found.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class AnonymizedOutputsTests : IDisposable
{
    // Flows whose first three packets are small, as those of a scan, are malicious, others benign.
    private const string Model = """
        { "schema": "flowmeter-model/1", "name": "by size", "profile": "flowmeter", "intercept": 2.5, "decide_after": 3, "least_packets": 1,
          "features": [ { "name": "bytes", "transform": "identity", "centre": 0, "scale": 100, "weight": -1 } ] }
        """;

    private static readonly RareAddresses s_office = new(ReferenceReader.ReadFile(Samples.Office).Frames);
    private static readonly AddressSearch s_search = new(s_office.Addresses);

    private readonly TemporaryFolder _folder = new();
    private readonly string _key;
    private readonly string _capture;
    private readonly string _model;

    public AnonymizedOutputsTests()
    {
        _key = _folder.Write("key", "0123456789abcdef0123456789ABCDEF");
        _capture = _folder.WriteCapture("office.pcap", s_office.Frames);
        _model = _folder.Write("m.json", Model);
    }

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("jsonl", "--ecs")]
    [InlineData("parquet")]
    [InlineData("arrow")]
    [InlineData("arrow-file")]
    [InlineData("ipfix")]
    [InlineData("ipfix", "--ipfix-uniflow")]
    public void No_file_and_no_line_of_a_read_has_an_original_address(string format, params string[] options) => AssertNoneIsLeft(
        [
            "--format", format, .. options, "--explain", "3", "--model", _model, "--write-suspicious", "OUT-s.pcap", "--write-benign",
            "OUT-b.pcap", "--headers-only",
        ]);

    [BinaryTheory]
    [InlineData("extended")]
    [InlineData("full")]
    [InlineData("cic")]
    [InlineData("appflow")]
    [InlineData("deepfence")]
    public void No_column_of_any_profile_has_an_original_address(string profile) =>
        AssertNoneIsLeft(["--profile", profile, "--min-packets", "1", "--label", "office"]);

    [BinaryTheory]
    [InlineData("t.csv")]
    [InlineData("t.csv.zst")]
    [InlineData("t.jsonl")]
    [InlineData("t.parquet")]
    [InlineData("office.pcap")]
    public void No_answer_of_show_has_an_original_address(string table)
    {
        if (table != "office.pcap")
        {
            FlowMeterBinary.Run("read", _capture, "-q", "--names", "--community-id", "--profile", "full", "-o", _folder[table]).Succeeded();
        }

        foreach (string[] question in new string[][]
        {
            ["--format", "csv"], ["--format", "jsonl"], ["--format", "table"], ["--format", "table", "--by", "src_ip,dst_port"],
            ["--by", "dst_ip", "--format", "jsonl"], ["--sort", "src_ip", "--top", "20", "--columns", "src_ip,dst_ip", "--format", "csv"],
        })
        {
            Finished plain = FlowMeterBinary.Run(["show", _folder[table], .. question]).Succeeded();
            Assert.NotNull(s_search.FirstIn(Encoding.UTF8.GetBytes(plain.Output)));
            Finished other = FlowMeterBinary.Run(["show", _folder[table], .. question, "--anonymize", _key]).Succeeded();
            Assert.True(other.Output.Length > plain.Output.Length / 2);
            Assert.Null(s_search.FirstIn(Encoding.UTF8.GetBytes(other.Output + other.Errors)));
            Assert.DoesNotContain("office.example", other.Output, StringComparison.Ordinal);
        }
    }

    [BinaryTheory]
    [InlineData("t.arrow")]
    [InlineData("t.arrows")]
    public void Show_refuses_a_table_of_record_batches_and_shows_nothing_of_it(string table)
    {
        FlowMeterBinary.Run("read", _capture, "-q", "--names", "-o", _folder[table]).Succeeded();
        Finished refused = FlowMeterBinary.Run("show", _folder[table], "--anonymize", _key).EndedWith(1);
        Assert.Empty(refused.Output);
        Assert.Null(s_search.FirstIn(Encoding.UTF8.GetBytes(refused.OnlyLine())));
    }

    [BinaryTheory(Need.Network | Need.Curl)]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_that_a_capture_writes_says_or_serves_has_an_original_address(bool isAnonymized)
    {
        using VethPair wire = new();
        wire.UseLoopback();
        Launched process = wire.CaptureTelling(
            _folder["errors"],
            [
                "-o", _folder["table"], "--names", "--state", "--community-id", "--hosts", _folder["hosts"], "--summary",
                _folder["summary"], "--model", _model, "--write-suspicious", _folder["s.pcap"], "--write-benign", _folder["b.pcap"],
                "--headers-only", "--metrics", "9105", "--page", "9106", "--stats-every", "200ms", "--idle-timeout", "500ms",
                .. isAnonymized ? new[] { "--anonymize", _key } : [],
            ]);
        Finished Ask(string target) => wire.Start("curl", "-s", "-m", "5", $"http://127.0.0.1:{target}").Finish();
        process.Await(() => Ask("9105/readyz").Output == "ok\n", "it captured");
        wire.Send(s_office.Frames.Select(frame => frame.Captured).Where(frame => frame.Length <= 1514));
        process.Await(() => Ask("9106/flows.csv").Output.Split('\n').Length > 10, "flows ended");
        string[] pages = ["9106/", "9106/flows.csv", "9106/flows.json", "9106/flow?n=1", "9106/flow.json?n=1"];
        Dictionary<string, byte[]> outputs = pages.Concat(["9106/events", "9106/series.json", "9105/metrics", "9105/readyz"])
            .ToDictionary(target => target, target => Encoding.UTF8.GetBytes(Ask(target).Output));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        string[] files = ["table", "hosts", "s.pcap", "b.pcap"];
        foreach (string name in files.Concat(["summary", "errors"]))
        {
            outputs.Add(name, File.ReadAllBytes(_folder[name]));
        }

        Assert.All(outputs, output => Assert.NotEmpty(output.Value));
        string[] having = [.. outputs.Where(output => s_search.FirstIn(output.Value) != null).Select(output => output.Key)];
        Assert.Equal(isAnonymized ? [] : pages.Append("9106/events").Concat(files), having);
        Assert.Contains(" flows live", Encoding.UTF8.GetString(outputs["errors"]), StringComparison.Ordinal);
    }

    /// <summary>Reads the sample as it is and with other addresses, into files, and looks at them all.</summary>
    /// <param name="options">Options; a name of a file begins with OUT.</param>
    private void AssertNoneIsLeft(string[] options)
    {
        string told = Run("plain", options);
        string[] plain = [.. _folder.Names().Where(name => name.StartsWith("plain-", StringComparison.Ordinal))];
        Assert.Equal(
            plain.Except(["plain-packets", "plain-summary"]),
            plain.Where(name => s_search.FirstIn(File.ReadAllBytes(_folder[name])) != null));
        Assert.Null(s_search.FirstIn(Encoding.UTF8.GetBytes(told)));

        // They are hashes of the addresses, of which there are few: who has time finds them.
        string[] ids = [.. CsvTable.ReadFile(_folder["plain-packets"]).Texts("community_id").Distinct().Where(id => id.Length > 0)];
        Assert.True(ids.Length > 100);
        told = Run("other", [.. options, "--anonymize", _key]);
        foreach (string name in plain.Select(name => name.Replace("plain-", "other-", StringComparison.Ordinal)))
        {
            byte[] output = File.ReadAllBytes(_folder[name]);
            Assert.NotEmpty(output);
            Assert.Equal((name, null), (name, s_search.FirstIn(output)));
            string text = Encoding.Latin1.GetString(output);
            Assert.DoesNotContain("office.example", text, StringComparison.Ordinal);
            Assert.DoesNotContain(ids, id => text.Contains(id, StringComparison.Ordinal));
        }

        Assert.Null(s_search.FirstIn(Encoding.UTF8.GetBytes(told)));
    }

    private string Run(string prefix, string[] options) => FlowMeterBinary.Run(
        [
            "read", _capture, "--names", "--state", "--community-id", "--workers", "2",
            .. options.Select(option => option.StartsWith("OUT", StringComparison.Ordinal) ? _folder[prefix + option[3..]] : option), "-o",
            _folder[$"{prefix}-table"], "--hosts", _folder[$"{prefix}-hosts"], "--packets", _folder[$"{prefix}-packets"], "--summary",
            _folder[$"{prefix}-summary"],
        ]).Succeeded().Errors;
}
