using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>--anonymize</c>: nothing that is written tells of an original address, and all else is as without it.</summary>
[Trait("Category", "EndToEnd")]
public sealed class AnonymizeTests : IDisposable
{
    private static readonly string[] s_addressColumns = ["src_ip", "dst_ip"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _key;

    public AnonymizeTests()
    {
        // Always the same: under one key in some thousand, Crypto-PAn leaves an address of the office as it is, or makes it another's.
        _key = _folder.Write("key", "0123456789abcdef0123456789ABCDEF");
    }

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("csv", "1")]
    [InlineData("jsonl", "1")]
    [InlineData("arrow", "1")]
    [InlineData("csv", "2")]
    public void No_output_has_an_original_address(string format, string workers)
    {
        // Shorter ones, as ::, stand in other text as well.
        string[] all = Addresses(Read());
        string[] originals = [.. all.Where(address => address.Length > 7)];
        string model = _folder.Write("m.json", """
            { "schema": "flowmeter-model/1", "name": "by packets", "profile": "flowmeter", "intercept": -5, "least_packets": 2,
              "features": [ { "name": "packets", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ] }
            """);

        Finished run = FlowMeterBinary.Run(
            "read", Samples.Office, "--anonymize", _key, "--names", "--state", "--community-id", "--model", model, "--explain", "2",
            "--workers", workers, "--format", format, "-o", _folder["t"], "--hosts", _folder["hosts"], "--packets", _folder["packets"],
            "--write-suspicious", _folder["s.pcap"], "--write-benign", _folder["b.pcap"], "--summary", _folder["summary"]);

        Assert.Contains("payloads may name some", run.Succeeded().Errors, StringComparison.Ordinal);
        Assert.True(originals.Length > 10);
        foreach (string text in _folder.Names().Where(name => name is not "key" and not "m.json")
                     .Select(name => File.ReadAllText(_folder[name], System.Text.Encoding.Latin1)).Append(run.Errors))
        {
            Assert.DoesNotContain(originals, address => text.Contains(address, StringComparison.Ordinal));
        }

        string[] others = Addresses(Read("--anonymize", _key));
        Assert.Empty(others.Intersect(originals));
        Assert.Equal(all.Length, others.Length);
        string[] written = [.. Addresses(ReadFile("s.pcap")).Concat(Addresses(ReadFile("b.pcap"))).Distinct()];
        Assert.Empty(written.Except(others));
    }

    [BinaryFact]
    public void All_but_addresses_is_as_without_it()
    {
        CsvTable plain = FlowMeterBinary.Run("read", Samples.Office, "-q", "--state").Succeeded().Table();
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "-q", "--state", "--anonymize", _key).Succeeded().Table();

        Assert.Equal(plain.Header, table.Header);
        Assert.Equal(Without(plain), Without(table));

        string[] Without(CsvTable rows)
        {
            int[] hidden = [.. s_addressColumns.Select(rows.Column)];
            return [.. rows.Rows.Select(row => string.Join(',', row.Where((_, i) => !hidden.Contains(i)))).Order(StringComparer.Ordinal)];
        }
    }

    [BinaryFact]
    public void Both_parts_of_a_capture_have_the_packets_that_they_have_without_it()
    {
        string[] split = ["read", Samples.Office, "-o", _folder["t"], "-q"];
        FlowMeterBinary.Run([.. split, "--write-suspicious", _folder["s0.pcap"], "--write-benign", _folder["b0.pcap"]]).Succeeded();
        FlowMeterBinary.Run(
            [.. split, "--write-suspicious", _folder["s.pcap"], "--write-benign", _folder["b.pcap"], "--anonymize", _key, "--headers-only"])
            .Succeeded();

        foreach (string part in new[] { "s", "b" })
        {
            CsvTable before = ReadFile($"{part}0.pcap");
            CsvTable after = ReadFile($"{part}.pcap");
            foreach (string column in new[] { "start_time", "src_port", "dst_port", "packets", "bytes" })
            {
                Assert.Equal(before.Texts(column), after.Texts(column));
            }

        }

        Assert.True(new FileInfo(_folder["s.pcap"]).Length < new FileInfo(_folder["s0.pcap"]).Length / 2);
    }

    [BinaryTheory(Need.Tcpdump)]
    [InlineData]
    [InlineData("--headers-only")]
    public void Tcpdump_finds_no_wrong_checksum_that_was_right_before(params string[] options)
    {
        FlowMeterBinary.Run(
            [
                "read", Samples.Office, "-o", _folder["t"], "-q", "--write-suspicious", _folder["s.pcap"], "--write-benign",
                _folder["b.pcap"], "--anonymize", _key, .. options,
            ])
            .Succeeded();

        int Wrong(string capture) => Launched.Start("tcpdump", "-nn", "-vv", "-r", capture).Finish().Succeeded().Output
            .Split('\n').Count(line => line.Contains("bad cksum", StringComparison.Ordinal)
                || line.Contains("incorrect", StringComparison.Ordinal));
        Assert.Equal(options.Length > 0 ? 0 : Wrong(Samples.Office), Wrong(_folder["s.pcap"]) + Wrong(_folder["b.pcap"]));
    }

    [BinaryTheory]
    [InlineData("", "has 0 bytes and is no key")]
    [InlineData("abc", "has 3 bytes and is no key")]
    public void A_key_of_another_length_is_one_line(string content, string message)
    {
        string key = _folder.Write("bad", content);

        Finished run = FlowMeterBinary.Run("read", Samples.Office, "--anonymize", key);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"flowmeter: --anonymize {key}: {message}", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [BinaryFact]
    public void A_key_that_is_not_there_is_one_line()
    {
        Finished run = FlowMeterBinary.Run("read", Samples.Office, "--anonymize", _folder["none"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("make one with flowmeter key > FILE", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [BinaryFact]
    public void Headers_only_needs_packets_that_are_written()
    {
        Finished run = FlowMeterBinary.Run("read", Samples.Office, "--headers-only");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("flowmeter: --headers-only: cuts packets that are written, and none are", run.Errors, StringComparison.Ordinal);
    }

    private static CsvTable Read(params string[] options) =>
        FlowMeterBinary.Run(["read", Samples.Office, "-q", "--names", .. options]).Succeeded().Table();

    private CsvTable ReadFile(string name) => FlowMeterBinary.Run("read", _folder[name], "-q").Succeeded().Table();

    private static string[] Addresses(CsvTable table) => [.. s_addressColumns.SelectMany(table.Texts).Distinct()];
}
