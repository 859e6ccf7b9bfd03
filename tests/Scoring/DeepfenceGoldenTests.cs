using System.Globalization;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

public sealed class DeepfenceGoldenTests
{
    private static readonly string[] Rated =
        ["flowLength", "fwdFlowLength", "bwdFlowLength", "packetSizeTotal", "fwdPacketSizeTotal", "bwdPacketSizeTotal"];

    [WithSharedFolderTheory]
    [InlineData("1kxun.csv")]
    [InlineData("alexa-app.csv")]
    public void The_Go_programs_scores_come_out(string name)
    {
        string folder = Path.Combine(SharedFolder()!, "golden", "deepfence");
        string[][] rows = [.. File.ReadLines(Path.Combine(folder, name)).Select(line => line.Split(','))];
        string[] header = rows[0];
        int first = Array.IndexOf(header, "flowDuration");
        string[] names = [.. header[first..(first + 33)], .. Rated.Select(feature => $"{feature}/flowDuration")];
        Model model = ModelFile.Load(
            Path.Combine(folder, "model"),
            new Dictionary<string, IReadOnlyList<string>> { [DeepfenceModel.Profile] = names });
        Scorer scorer = new(model, names);
        VerdictRule verdicts = new(model);

        Assert.True(rows.Length > 30);
        foreach (string[] row in rows.Skip(1))
        {
            double duration = Number(row, "flowDuration");
            double[] features = [.. header[first..(first + 33)].Select(column => Number(row, column)), .. Rated.Select(
                column => Number(row, column) / duration)];
            double probability = scorer.ScoreOne(features);
            Assert.Equal(Number(row, "score"), probability, 1e-6);
            Assert.Equal(row[^2], verdicts.Decide(probability, 15).ToString().ToLowerInvariant());
        }

        double Number(string[] row, string column) => double.Parse(row[Array.IndexOf(header, column)], CultureInfo.InvariantCulture);
    }

    private static string? SharedFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string shared = Path.Combine(folder.FullName, "shared");
            if (File.Exists(Path.Combine(shared, "SPEC.md")))
            {
                return shared;
            }
        }

        return null;
    }

    private sealed class WithSharedFolderTheoryAttribute : TheoryAttribute
    {
        public WithSharedFolderTheoryAttribute() => Skip = SharedFolder() is null ? "the shared folder is not beside the project" : null;
    }
}
