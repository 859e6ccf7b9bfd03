using System.Globalization;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Training;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Learning.Training;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>Which laboratory a flow is from: by a file, or by a column.</summary>
public sealed class SourceNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x/a.pcap\tone\nb.pcap\ttwo\n")]
    [InlineData("x/a.pcap,one\nb.pcap, two\n")]
    [InlineData("file,group\nx/a.pcap,one\nb.pcap,two\n")]
    [InlineData("label\tsource\tfile\nbenign\tone\tx/a.pcap\nbenign\ttwo\tb.pcap\n")]
    public void Lines_name_the_source_of_a_file(string text)
    {
        SourceNames sources = SourceNames.Load(_folder.Write("groups", text));
        Assert.Equal("one", sources.Find("folder/x/a.pcap"));
        Assert.Equal("two", sources.Find("other/b.pcap"));
        Assert.Null(sources.Find("c.pcap"));
    }

    [Theory]
    [InlineData("", "no sources in it")]
    [InlineData("a.pcap\n", "line 1: expected a file and its source")]
    [InlineData("a.pcap\tone\nb.pcap\t\n", "line 2: expected a file and its source")]
    [InlineData("a.pcap\tone\na.pcap\ttwo\n", "line 2: a.pcap is there before, from another source")]
    public void A_file_that_names_no_sources_is_refused(string text, string problem) => Assert.Contains(
        problem, Assert.Throws<DataException>(() => SourceNames.Load(_folder.Write("groups", text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_table_needs_a_source()
    {
        string table = _folder.Write("t.csv", "a,label\n1,benign\n2,malicious\n");
        SourceNames sources = SourceNames.Load(_folder.Write("groups", "u.csv,one\n"));
        Assert.Contains(
            "no source of " + table, Assert.Throws<DataException>(() => Tables(sources).Read([table])).Message, StringComparison.Ordinal);
        DataSet named = Tables(SourceNames.Load(_folder.Write("groups", "t.csv,one\n"))).Read([table]);
        Assert.Equal(["one"], named.Sources);
        Assert.Equal([0, 0], named.Source);
    }

    [Fact]
    public void A_column_names_the_source_of_each_row_and_is_no_feature()
    {
        string table = _folder.Write("t.csv", "a,lab,label\n1,x,benign\n2,y,malicious\n3,x,malicious\n");
        DataSet data = Tables(SourceNames.FromColumn("lab")).Read([table]);
        Assert.Equal(["a"], data.Features);
        Assert.Equal(["x", "y"], data.Sources);
        Assert.Equal([0, 1, 0], data.Source);
        Assert.Equal(data.Source, data.Group);
        Assert.Contains(
            "there is no column 'no', the column that names sources",
            Assert.Throws<DataException>(() => Tables(SourceNames.FromColumn("no")).Read([table])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "line 3: column 'lab' is empty",
            Assert.Throws<DataException>(() => Tables(SourceNames.FromColumn("lab")).Read(
                [_folder.Write("u.csv", "a,lab,label\n1,x,benign\n2,,malicious\n")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_that_share_a_group_of_captures_are_one()
    {
        List<string> told = [];
        DataSet data = TrainingData.Of([[1], [2], [3], [4]], [true, false, true, false], [0, 1, 2, 3], group: [0, 1, 0, 3]) with
        {
            Source = [0, 1, 2, 3],
            Sources = ["w", "x", "y", "z"],
        };
        DataSet joined = data.WithJoinedSources(told.Add);
        Assert.Equal(["w + y", "x", "z"], joined.Sources);
        Assert.Equal([0, 1, 0, 2], joined.Source);
        Assert.Equal(["sources that share flows are one: w + y"], told);
    }

    [Fact]
    public void Whole_sources_are_left_out_one_by_one()
    {
        DataSet data = TrainingData.Random(3, 400, 4);
        data = data with
        {
            Source = Array.ConvertAll(data.Capture, capture => capture / 2),
            Sources = [.. Enumerable.Range(0, 4).Select(source => source.ToString(CultureInfo.InvariantCulture))],
        };
        TrainingOptions options = new() { Transforms = [new(Engine.Scoring.Transform.Bins, 6)], Cs = [0.1, 1], HoldOut = 0 };
        TrainingResult result = Trainer.Train(data, ["t"], options, _ => { }, _ => { });
        Assert.Equal(SplitBy.Source, result.SplitBy);
        Assert.Equal(4, result.Choices.Count);
        Assert.StartsWith("cross-validation, 4 folds by source", result.CrossValidation.Name, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2", "3"], result.CrossValidation.Sources.Select(source => source.Source));
        Assert.Equal(400, result.CrossValidation.Sources.Sum(source => source.Flows));
        Assert.Equal([0, 1, 2, 3], Folds.OneForEachSource(data, data.AllRows()).Distinct().Order());
        int[] folds = Folds.Assign(data, data.AllRows(), Folds.Equal(2), SplitBy.Source, 1);
        Assert.All(
            folds.Zip(data.Source).GroupBy(pair => pair.Second), source => Assert.Single(source.Select(pair => pair.First).Distinct()));
        Assert.Equal(2, Trainer.Train(data, ["t"], options with { Folds = 2 }, _ => { }, _ => { }).Choices.Count);
    }

    private static TableData Tables(SourceNames sources) => new(new LabelColumn("label", []), [], null, _ => { }) { Sources = sources };
}
