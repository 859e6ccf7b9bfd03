using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>Tables as the field has them, read by everything that reads tables.</summary>
public sealed class FlowTableReaderTests : IDisposable
{
    private const string CicHeader = " Destination Port, Flow Duration,Flow Bytes/s, Fwd Header Length, Size, Fwd Header Length, Label";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_hundred_thousand_columns_of_one_name_are_numbered_one_after_the_other()
    {
        // The square of it would take minutes.
        TableColumns columns = new([.. Enumerable.Repeat("x", 100_000), "x.7"]);
        Assert.Equal("x.1", columns.Header[1]);
        Assert.Equal("x.8", columns.Header[7]);
        Assert.Equal("x.100000", columns.Header[99_999]);
        Assert.Equal(99_999, columns.Find("x.100000"));
        Assert.Equal(100_000, columns.Find("x.7"));
        Assert.Equal(-1, columns.Find("y"));
    }

    [Fact]
    public void A_column_named_twice_is_numbered_and_an_equal_one_left_out()
    {
        string path = _folder.Write("cic.csv", Cic(400));
        DataSet data = Train(path, "!BENIGN");
        Assert.Equal(["Flow Duration", "Flow Bytes/s", "Fwd Header Length", "Size", "Fwd Header Length.1"], data.Features);
        Assert.Equal(400, data.Count);
        Assert.Contains($"{path}: names are there more than once in the header; the later ones are called 'Fwd Header Length.1'", _told);
        FeatureSelection.Choose(data, data.AllRows(), _told.Add);
        Assert.Contains("copies of other columns, left out: Fwd Header Length.1 (of Fwd Header Length)", _told);
        Assert.Equal(400, Report(path).Flows);
        Assert.Equal(
            401, Score(
                path, """[ { "name": "Fwd Header Length.1", "transform": "identity", "centre": 100, "scale": 9, "weight": 1 } ]""").Length);
    }

    [Theory]
    [InlineData("a,a,a.1,a\n", "a|a.2|a.1|a.3")]
    [InlineData("\uFEFFa, a,'a',\"a\"\n", "a|a.1|a.2|a.3")]
    [InlineData(",,b\n", "|.1|b")]
    public void Names_are_numbered_past_those_that_are_there(string header, string expected) =>
        Assert.Equal(expected, string.Join('|', Open(header).Columns.Header));

    [Theory]
    [InlineData("a,b,label\n", "a,b,label\n")]
    [InlineData(" a, b,label\r\n", "a,b,label\r\n")]
    [InlineData("a,b,label\n", "\uFEFFa,b,label\n")]
    [InlineData("a,b,label\n", "\"a\",\"b\",\"label\"\n")]
    public void A_header_further_down_is_skipped_and_said(string first, string again)
    {
        string rows = string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},{i * i % 7},{(i % 2 == 0 ? "benign" : "malicious")}\n"));
        string path = _folder.Write("joined.csv", first + rows + again + rows + "\n" + again);
        DataSet data = Train(path);
        Assert.Equal((20, 10, 2), (data.Count, data.Positives, data.Features.Count));
        Assert.Contains($"{path}: the header is there again 2 times, last in line 24, skipped", _told);
        Assert.Equal(20, Report(path).Flows);
        Assert.Equal(21, Score(path, """[ { "name": "a", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ]""").Length);
    }

    [Fact]
    public void A_header_of_other_names_is_an_error_with_its_line()
    {
        string path = _folder.Write("joined.csv", "a,b,label\n1,2,benign\n2,3,malicious\nb,a,class\n3,4,benign\n");
        const string Expected = "line 4: is no row but names";
        Assert.Contains(Expected, Assert.Throws<DataException>(() => Train(path)).Message, StringComparison.Ordinal);
        Assert.Contains(Expected, Assert.Throws<DataException>(() => Report(path)).Message, StringComparison.Ordinal);
        Assert.Contains(Expected, Assert.Throws<DataException>(() => Score(
            path,
            """[ { "name": "a", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ]""")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proto,service\ntcp,dns\n17,x\nudp,http\n", 3)]
    [InlineData("ip,kind,bytes\n1.2.3.4,a,5\nhost,b,-\n", 2)]
    [InlineData("a,b\n\n\r\n1,2\n\n", 1)]
    [InlineData("a,b\r\n", 0)]
    public void Rows_of_text_are_rows(string text, int rows)
    {
        using FlowTableReader table = Open(text);
        int read = 0;
        while (table.Read())
        {
            read++;
        }

        Assert.Equal(rows, read);
    }

    [Fact]
    public void A_row_as_long_as_a_megabyte_and_a_ragged_one_keep_their_lines()
    {
        using FlowTableReader table = Open($"a,b\n1,{new string('x', 1 << 20)}\n1\n");
        Assert.True(table.Read());
        Assert.Equal(1 << 20, table.Text(1).Length);
        Assert.Equal(
            "t.csv: line 3: 1 fields, but the header has 2; mend or remove the line.",
            Assert.Throws<DataException>(() => table.Read()).Message);
    }

    [Fact]
    public void A_label_named_twice_is_never_a_feature()
    {
        Assert.Equal(["a"], Train(_folder.Write("t.csv", "a,label,label\n1,0,0\n2,1,1\n3,1,1\n"), "1").Features);
        Assert.Contains(
            "line 3: column 'label' is there twice",
            Assert.Throws<DataException>(() => Train(_folder.Write("u.csv", "a,label,label\n1,0,0\n2,1,0\n"), "1")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_called_text_and_what_a_model_said_is_no_feature()
    {
        Train(_folder.Write("t.csv", "a,service,score,verdict,label\n1,dns,0.1,benign,benign\n2,dns,0.9,malicious,malicious\n"));
        Assert.Contains("text, left out: service (line 2 has 'dns')", _told);
        Assert.Contains("what a model made of the flows is no feature, left out: score, verdict", _told);
        Assert.Contains(
            "are text",
            Assert.Throws<DataException>(() => Train(_folder.Write("u.csv", "service,label\ndns,benign\nx,malicious\n"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Score_and_verdict_are_replaced_where_they_stand_and_nothing_else_changes()
    {
        string path = _folder.Write("t.csv", "a, score,\"b,\"\"c\",verdict ,score\r\n1,0.5,\"x,\"\"y\",old,\r\n3,,z,\"o,ld\",7\r\n");
        string[] lines = Score(path, """[ { "name": "a", "transform": "identity", "centre": 0, "scale": 1, "weight": 0 } ]""", "\r\n");
        Assert.Equal(["a, score,\"b,\"\"c\",verdict ,score", "1,0.5,\"x,\"\"y\",malicious,0.5", "3,0.5,z,malicious,0.5"], lines);
        Assert.Equal(
            ["a,verdict,score", "1,malicious,0.5"], Score(_folder.Write("u.csv", "a,verdict\n1,\n"), """[ { "name": "a","""
                + """ "transform": "identity", "centre": 0, "scale": 1, "weight": 0 } ]"""));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_mutation_of_a_table_brings_NaN_into_scores_or_a_report(int seed)
    {
        Random random = new(seed);
        string[] odd = ["", "NaN", "inf", "-Infinity", "1e308", "-1.7e308", "1e-320", "0", "-1", "null", "9223372036854775807", "1e19"];
        foreach (string transform in (string[])["identity", "log1p"])
        {
            for (int round = 0; round < 15; round++)
            {
                StringBuilder text = new("a,b,packets,bytes,label\n");
                for (int row = 0; row < 70; row++)
                {
                    text.AppendJoin(',', Enumerable.Range(0, 4).Select(_ =>
                        random.Next(3) == 0 ? odd[random.Next(odd.Length)] : random.Next(1000).ToString(CultureInfo.InvariantCulture)));
                    text.Append(row % 2 == 0 ? ",benign\n" : ",malicious\n");
                }

                string path = _folder.Write("t.csv", text.ToString());
                string[] rows = Score(path, $$"""
                    [ { "name": "a", "transform": "{{transform}}", "centre": 5, "scale": 1e-3, "weight": 0.7 }, { "name": "b", "transform": "{{transform}}", "centre": 1, "scale": 1e-3, "weight": -5 },
                      { "name": "bytes", "transform": "bins", "edges": [1, 1e300], "weights": [0.1, 0.2, -0.3] } ]
                    """);
                Assert.All(rows.Skip(1), row => Assert.InRange(double.Parse(row.Split(',')[^2], CultureInfo.InvariantCulture), 0, 1));
                Assert.DoesNotMatch(new Regex(@"NaN|Infinity|∞"), Encoding.UTF8.GetString(TableReport.Make(Report(path), "flowmeter")));
                DataSet data = Train(path);
                TrainingOptions options = new() { Transforms =
                [
                    TransformChoice.Parse(transform)!.Value, TransformChoice.Parse("bins:4")!.Value,
                ], Cs = [1], Folds = 2, HoldOut = 0.3 };
                TrainingResult result = Trainer.Train(data, [path], options, _ => { }, _ => { });
                Assert.All(ScoredFlows.Score(result.Model, data, data.AllRows()), score => Assert.InRange(score, 0, 1));
            }
        }
    }

    [SharedFact]
    public void Tables_of_the_field_are_read()
    {
        string folder = Path.Combine(SharedFolder.Path!, "cases");
        DataSet twin = Train(Path.Combine(folder, "feature-45-cic2017-twin-column.csv"), "!BENIGN");
        Assert.True(twin.Positives > 0 && twin.Positives < twin.Count);
        DataSet repeated = new TableData(new LabelColumn("Label", ["!BENIGN"]), [], null, _told.Add).Read(
            [Path.Combine(folder, "feature-46-header-repeated.csv")]);
        Assert.Equal((400, 200), (repeated.Count, repeated.Positives));
    }

    /// <summary>
    /// A table as CICIDS2017 has them: blanks before names, one name twice, infinities, a byte that is no UTF-8 in labels.
    /// </summary>
    private static byte[] Cic(int rows)
    {
        StringBuilder text = new(CicHeader + "\n");
        for (int i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? 443 : 80)},{100 + (i * 7919 % 1000)},"
                + $"{(i % 9 == 0 ? "Infinity" : i % 11 == 0 ? "NaN" : "5.5")},{i % 50},{i % 13},{i % 50},"
                + $"{(i % 2 == 0 ? "BENIGN" : "Web Attack \u0096 XSS")}\n");
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static FlowTableReader Open(string text) =>
        new(new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv"), "t.csv", _ => { });

    private DataSet Train(string path, params string[] positive) =>
        new TableData(new LabelColumn("label", positive), [], null, _told.Add).Read([path]);

    private TableStatistics Report(string path)
    {
        using FlowTableReader table = FlowTableReader.Open(path, _told.Add);
        return TableStatistics.Read(table);
    }

    [Fact]
    public void What_a_source_did_stays_in_a_table_that_another_model_scores()
    {
        string path = _folder.Write(
            "full.csv",
            "a,packets,bytes,score,verdict,verdict_by\n1,3,90,0.1,malicious,host\n1,3,90,0.1,undecided,\n1,90,900,0.1,malicious,host\n");
        Assert.Equal(
            ["malicious,host", "undecided,", "benign,flow"],
            Score(path, """[ { "name": "a", "transform": "identity", "centre": 0, "scale": 1, "weight": -3 } ], "least_packets": 5""")
                .Skip(1).Select(row => string.Join(',', row.Split(',')[^2..])));
    }

    private string[] Score(string path, string features, string lineEnd = "\n")
    {
        string model = _folder.Write(
            "m.json", $$"""{ "schema": "flowmeter-model/1", "name": "m", "profile": "table", "intercept": 0, "features": {{features}} }""");
        string judged = _folder["judged.csv"];
        using FlowTableReader table = FlowTableReader.Open(path, _told.Add);
        using TableScorer scorer = new(table, TableModel.Load(model, table.Columns, table.Name));
        using (OutputFile output = OutputFile.Open(judged))
        {
            scorer.Run(output);
            output.Complete();
        }

        return File.ReadAllText(judged, Encoding.Latin1)[..^lineEnd.Length].Split(lineEnd);
    }
}
