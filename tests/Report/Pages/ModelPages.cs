using System.Text;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Training;
using FlowMeter.Report.Pages;
using FlowMeter.Tests.Learning.Training;

namespace FlowMeter.Tests.Report.Pages;

/// <summary>Pages to test: models trained on seeded data, and tables.</summary>
internal static class ModelPages
{
    /// <summary>A name that is markup, closes attributes and turns the direction of writing.</summary>
    public const string Hostile = "\"><script>alert('x')</script><svg onload=\"a()\u202E\">&amp;";

    private static readonly TrainingOptions s_options = new()
    {
        Name = "a model",
        Transforms = [TransformChoice.Parse("bins:6")!.Value],
        TransformOf = new Dictionary<string, TransformChoice> { ["feature_1"] = TransformChoice.Parse("log1p")!.Value },
        Cs = [0.1, 1],
        Folds = 3,
        SplitBy = SplitBy.Capture,
        HoldOut = 0.4,
        Prevalence = 0.005,
    };

    /// <summary>A training's content, with other names where they are given.</summary>
    public static ModelReportContent Trained(string model = "a model", string? capture = null, string? feature = null)
    {
        DataSet data = TrainingData.Random(11, 700, 5);
        data = data with
        {
            Features = [.. data.Features.Select(name => name == "feature_0" ? feature ?? name : name)],
            Captures = [.. data.Captures.Select((name, i) => i < 4 ? capture ?? $"folder/{name}.pcap" : $"folder/{name}.pcap")],
        };
        TrainingResult result = Trainer.Train(data, [capture ?? "a.pcap"], s_options with { Name = model }, _ => { }, _ => { });
        return new ModelReportContent(result.Model, data, result.HeldOut!, result.CrossValidation, true, "flowmeter 1.2.3");
    }

    public static string Page(ModelReportContent content) => Encoding.UTF8.GetString(ModelReport.Make(content));

    /// <summary>A judged table of the default profile's first columns and some of its features.</summary>
    public static string Table(int rows, bool hasVerdicts, string address = "10.0.0.1")
    {
        Random random = new(8);
        StringBuilder table = new("start_time,src_ip,src_port,dst_ip,dst_port,protocol,end_reason,duration_us,packets,bytes,rate"
            + (hasVerdicts ? ",score,verdict" : "") + "\n");
        for (int i = 0; i < rows; i++)
        {
            DateTime time = new DateTime(2026, 3, 1, 13, 58, 20, DateTimeKind.Utc).AddSeconds(1800 * random.NextDouble());
            int packets = 1 + (int)Math.Exp(6 * random.NextDouble());
            bool isMalicious = random.Next(12) == 0;
            string source = random.Next(3) == 0
                ? "\"" + address.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
                : $"10.1.{random.Next(4)}.{random.Next(9)}";
            table.Append(FormattableString.Invariant($"{time:yyyy-MM-ddTHH:mm:ss.fffffff}00Z,{source},{random.Next(1024, 65536)},"));
            table.Append(FormattableString.Invariant(
                $"192.0.2.{random.Next(20)},{(random.Next(3) == 0 ? 53 : 443)},{(random.Next(3) == 0 ? 17 : 6)},"));
            table.Append(
                FormattableString.Invariant($"{(random.Next(2) == 0 ? "idle" : "end")},{(packets == 1 ? 0 : random.Next(1, 1 << 28))},"));
            table.Append(FormattableString.Invariant($"{packets},{packets * random.Next(60, 1500)},{random.NextDouble() / 1000}"));
            table.Append(hasVerdicts ? isMalicious ? ",0.9,malicious\n" : i % 50 == 0 ? ",0.5,undecided\n" : ",0.1,benign\n" : "\n");
        }

        return table.ToString();
    }
}
