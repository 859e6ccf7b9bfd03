using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// A table from a stranger, as <c>score</c>, <c>report</c> and <c>train</c> read it: refused in one line, or read the same in pieces of any
/// size. What is scored keeps all other bytes.
/// </summary>
internal static class TableTarget
{
    private static readonly Lazy<Model[]> s_models =
        new(() => [.. DefaultModel.Profiles.Select(profile => DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!)]);

    public static void Run(byte[] bytes)
    {
        (string[] Records, string? Refusal) whole = Records(bytes, int.MaxValue);
        (string[] Records, string? Refusal) pieces = Records(bytes, 1 + (bytes.Length % 37));
        Assert.Equal(whole.Records, pieces.Records);
        Assert.Equal(whole.Refusal, pieces.Refusal);

        // A page is much work for a fuzzer.
        (string? Page, string? Refusal) page = Page(bytes, 1 + (bytes.Length % 101));
        if (bytes.Length % 8 == 0)
        {
            Assert.Equal(Page(bytes, int.MaxValue), page);
        }

        Refused(() => HostStatistics.Read(Open(bytes, int.MaxValue)));
        Refused(() => ScoreTable(bytes));
        ScratchFile.With(bytes, path => Refused(
            () => new TableData(new LabelColumn(LabelColumn.DefaultName, []), [], null, _ => { }).Read([path])));
    }

    private static FlowTableReader Open(byte[] bytes, int bytesPerRead) => new(Reader(bytes, bytesPerRead), "table", _ => { });

    private static CsvReader Reader(byte[] bytes, int bytesPerRead) =>
        new(new JsonLinesStream(new TrickleStream(bytes, bytesPerRead), "table"), "table");

    private static string? Refused(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception refused) when (refused is DataException or ModelException)
        {
            return refused.Message;
        }
    }

    private static (string[] Records, string? Refusal) Records(byte[] bytes, int bytesPerRead)
    {
        List<string> records = [];
        using CsvReader reader = Reader(bytes, bytesPerRead);
        string? refusal = Refused(() =>
        {
            while (reader.Read())
            {
                int at = 0;
                for (int field = 0; field < reader.Count; field++)
                {
                    (int start, int end) = reader.Place(field);
                    Assert.Equal(at, start);
                    at = end + 1;
                }

                Assert.Equal(reader.Record.Length + 1, at);
                records.Add($"{reader.Line}: {string.Join('|', reader.Texts())} {reader.LineEnd.Length}");
            }
        });
        return ([.. records], refusal);
    }

    private static (string? Page, string? Refusal) Page(byte[] bytes, int bytesPerRead)
    {
        string? page = null;
        string? refusal = Refused(() =>
        {
            using FlowTableReader table = Open(bytes, bytesPerRead);
            page = Encoding.UTF8.GetString(TableReport.Make(TableStatistics.Read(table), "test"));
        });
        return (page, refusal);
    }

    private static void ScoreTable(byte[] bytes)
    {
        using FlowTableReader table = Open(bytes, int.MaxValue);
        if (s_models.Value.FirstOrDefault(model => model.Columns.All(name => table.Columns.Find(name) >= 0)) is not { } model)
        {
            return;
        }

        using TableScorer scorer = new(table, model, explain: 2);
        byte[] header = table.Header.ToArray();
        try
        {
            using (OutputFile output = OutputFile.Open(ScratchFile.Path))
            {
                scorer.Run(output);
                output.Complete();
            }

            byte[] scored = File.ReadAllBytes(ScratchFile.Path);
            Assert.True(scored.AsSpan().StartsWith(header));
            using FlowTableReader again = Open(scored, 1000);
            while (again.Read())
            {
                double score = double.Parse(again.Text(again.Columns.Find("score")), System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(score is >= 0 and <= 1 or double.NaN, $"a score of {score}");
            }

            Assert.Equal(table.Rows, again.Rows);
        }
        finally
        {
            File.Delete(ScratchFile.Path);
        }
    }
}
