using System.Text;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Queries;
using FlowMeter.Tests.Cli;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary><c>show --anonymize</c>: rows of a table are what <c>read --anonymize</c> writes of the same flows.</summary>
public sealed class RowAnonymizerTests : IDisposable
{
    private static readonly AnonymizationKey s_key = AnonymizationKey.Parse(Encoding.ASCII.GetBytes("0123456789abcdef0123456789ABCDEF"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flowmeter", "t.csv")]
    [InlineData("flowmeter", "t.jsonl")]
    [InlineData("flowmeter", "t.parquet")]
    [InlineData("cic", "t.csv")]
    [InlineData("appflow", "t.csv")]
    [InlineData("deepfence", "t.csv")]
    [InlineData("full", "t.csv")]
    public void Rows_of_a_table_are_those_that_read_writes(string profile, string table)
    {
        string key = _folder.Write("key", "0123456789abcdef0123456789ABCDEF");
        string read = $"read {Samples.Office} -q --workers 1 --names --community-id --state --profile {profile} --min-packets 1 -o ";
        Assert.Equal((0, "", ""), CommandLine.Run($"{read}{_folder[table]}"));
        Assert.Equal((0, "", ""), CommandLine.Run($"{read}{_folder["expected.csv"]} --anonymize {key}"));

        Assert.Equal((0, "", ""), CommandLine.Run($"show {_folder[table]} -q --anonymize {key} -o {_folder["shown.csv"]}"));

        CsvTable expected = CsvTable.Parse(File.ReadAllText(_folder["expected.csv"]));
        CsvTable shown = CsvTable.Parse(File.ReadAllText(_folder["shown.csv"]));
        Assert.Equal(expected.Header, shown.Header);
        foreach (string column in expected.Header)
        {
            // In profile appflow no column tells TCP from UDP.
            bool hasParts = profile != "appflow" || column != "community_id";
            Assert.Equal(hasParts ? expected.Texts(column) : expected.Texts(column).Select(_ => ""), shown.Texts(column));
        }
    }

    [Fact]
    public void An_expression_asks_a_capture_and_a_table_as_they_are()
    {
        string key = _folder.Write("key", "0123456789abcdef0123456789ABCDEF");
        Assert.Equal((0, "", ""), CommandLine.Run($"read {Samples.Office} -q --workers 1 -o {_folder["t.csv"]}"));
        foreach (string from in new[] { Samples.Office, _folder["t.csv"] })
        {
            string show = $"show {from} src_ip==203.0.113.66 -q -o {_folder["shown.csv"]}";
            Assert.Equal((0, "", ""), CommandLine.Run(show));
            CsvTable plain = CsvTable.Parse(File.ReadAllText(_folder["shown.csv"]));
            Assert.Equal((0, "", ""), CommandLine.Run($"{show} --anonymize {key}"));
            CsvTable shown = CsvTable.Parse(File.ReadAllText(_folder["shown.csv"]));

            Assert.NotEmpty(plain.Rows);
            Assert.Equal(plain.Rows.Count, shown.Rows.Count);
            Assert.Single(shown.Texts("src_ip").Distinct());
            Assert.DoesNotContain("203.0.113.66", shown.Texts("src_ip"));
        }
    }

    [Fact]
    public void Order_and_groups_are_those_of_what_is_shown()
    {
        string plain = Answer("src_ip\n10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n", new FlowQuery { Sort = [SortColumn.Parse("src_ip")] });
        string[] shown = plain.Split('\n')[1..^1];
        Assert.Equal(shown.OrderBy(Number), shown);
        Assert.NotEqual(
            Answer("src_ip\n10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n", new FlowQuery()).Split('\n')[1..^1], shown);

        string groups = Answer("src_ip\n10.0.0.1\n10.0.0.1\n", new FlowQuery { By = ["src_ip"] });
        Assert.Equal($"src_ip,flows\n{shown.Single(address => Anonymized("10.0.0.1") == address)},2\n", groups);

        static Version Number(string address) => Version.Parse(address);
    }

    [Theory]
    [InlineData("src_ip", "", "")]
    [InlineData("src_ip", "10.0.0.1:80", "")]
    [InlineData("src_ip", "fe80::1%eth0", "")]
    [InlineData("peer", "host-10.0.0.1", "")]
    [InlineData("peer", "a word", "")]
    [InlineData("peer", "1234.5", "1234.5")]
    [InlineData("peer", "2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z")]
    [InlineData("label", "office", "office")]
    [InlineData("Flow ID", "10.0.0.1:80->10.0.0.2:90", "")]
    [InlineData("Flow ID", "10.0.0.1-80", "")]
    [InlineData("community_id", "1:6R6As2/uIGsoLrymz4r9xel2r+0=", "")]
    [InlineData("user_agent", "curl/8", "")]
    [InlineData("application_detail", "tls_version=1.3; ssh_client=x; new=10.0.0.1; user_agent=a; tls_version=b", "tls_version=1.3")]
    [InlineData("end_reason", "idle", "idle")]
    [InlineData("service", "dns", "dns")]
    [InlineData("proto", "tcp", "tcp")]
    public void A_value_that_may_tell_of_somebody_is_left_out(string column, string value, string expected) =>
        Assert.Equal($"{column},row\n{expected},1\n", Answer($"{column},x\n{value},y\n", new FlowQuery { Columns = [column, "row"] }));

    [Theory]
    [InlineData("peer")]
    [InlineData("source.ip")]
    [InlineData("id.orig_h")]
    public void Addresses_of_other_programs_are_replaced(string column)
    {
        string shown = Answer($"{column}\n192.0.2.1\n2001:DB8::1\n", new FlowQuery());
        Assert.Equal($"{column}\n{Anonymized("192.0.2.1")}\n{Anonymized("2001:db8::1")}\n", shown);
    }

    [Fact]
    public void A_name_is_hashed_as_it_was_on_the_wire_however_long()
    {
        string longest = new('a', 300);
        string[] shown = Answer($"dns_query,x\nExample.org,1\nexample\\x2eorg,1\n{longest},1\n", new FlowQuery()).Split('\n');
        Assert.Equal(shown[1], shown[2]);
        Assert.All(shown[1..^1], row => Assert.Matches("^[0-9a-f]{16},1$", row));
    }

    private static string Anonymized(string address)
    {
        byte[] bytes = System.Net.IPAddress.Parse(address).GetAddressBytes();
        new AddressAnonymizer(s_key).Replace(bytes);
        return new System.Net.IPAddress(bytes).ToString();
    }

    private static string Answer(string text, FlowQuery query)
    {
        using FlowTableReader table = QueryTable.Open(text);
        QueryColumns columns = new(table.Columns);
        using TextOutput output = new();
        using QueryRun run = new(
            query, columns, new CsvResult(output), Path.GetTempPath(), 1 << 20, new RowAnonymizer(s_key, columns));
        while (table.Read())
        {
            run.Add(table);
        }

        run.Complete();
        return output.Text;
    }
}
