using System.Globalization;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>The reference against rows that others computed: what settles whether SPEC was read right.</summary>
public sealed class ReferenceGoldenTests
{
    public static TheoryData<string> FlowMeterTables => GoldenTables.Names("flowmeter");

    public static TheoryData<string> DeepfenceTables => GoldenTables.Names("deepfence");

    [SharedTheory, MemberData(nameof(FlowMeterTables))]
    public void FlowMeter_rows_agree(string name)
    {
        ReferenceCapture capture = ReferenceReader.ReadFile(CorpusCapture(name));
        ReferenceResult result = ReferenceMeter.Run(capture.Frames);
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("flowmeter", name + ".csv"));

        Assert.Equal(ReferenceRecord.Columns, golden.Header);
        Assert.Null(RecordComparison.FirstDifference(golden, result.Records));
    }

    [SharedTheory, MemberData(nameof(DeepfenceTables))]
    public void Deepfence_rows_agree(string name)
    {
        ReferenceCapture capture = ReferenceReader.ReadFile(GoldenTables.FileOf("deepfence", name + ".pcap"));
        ReferenceTable table = ReferenceDeepfence.Run(
            capture.Frames, new ReferenceDeepfenceModel(GoldenTables.FileOf("deepfence", "model")));
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("deepfence", name + ".csv"));

        Assert.Equal([.. ReferenceDeepfence.Columns, "verdict", "score"], golden.Header);
        Assert.Null(RecordComparison.FirstDifference(golden, table, relative: 1e-6, absolute: 1e-5));
    }

    public static TheoryData<string> ExtendedTables => GoldenTables.Names("extended");

    [SharedTheory, MemberData(nameof(ExtendedTables))]
    public void Extended_and_CIC_rows_agree(string name)
    {
        ReferenceCapture capture = ReferenceReader.ReadFile(GoldenTables.FileOf("appflow", name + ".pcap"));
        CsvTable extended = CsvTable.ReadFile(GoldenTables.FileOf("extended", name + ".csv"));
        CsvTable cic = CsvTable.ReadFile(GoldenTables.FileOf("cic", name + ".csv"));

        Assert.Null(RecordComparison.FirstDifference(extended, ReferenceTables.Of("extended", capture.Frames)));
        Assert.Equal(ReferenceCic.Header, cic.Header);
        Assert.Null(RecordComparison.FirstDifference(cic, ReferenceTables.Of("cic", capture.Frames)));
    }

    [SharedFact]
    public void Every_capture_of_the_corpus_is_metered_to_its_end()
    {
        foreach (string path in SharedFolder.Captures())
        {
            ReferenceCapture capture = ReferenceReader.ReadFile(path);
            ReferenceResult result = ReferenceMeter.Run(capture.Frames);
            Assert.Equal(capture.Frames.Count, result.Frames);
            double packets = result.Records.Sum(record => record.Features[1]);
            Assert.Equal(result[ReferenceOutcome.Metered], packets);
        }
    }

    [SharedFact]
    public void Every_capture_has_the_frames_its_manifest_says()
    {
        Dictionary<string, string> packets = File.ReadLines(Path.Combine(SharedFolder.Path!, "corpus", "MANIFEST.tsv"))
            .Select(line => line.Split('\t'))
            .ToDictionary(fields => Path.GetFileName(fields[0]), fields => fields[3]);

        List<string> differences = [];
        foreach (string path in SharedFolder.Captures())
        {
            ReferenceCapture capture = ReferenceReader.ReadFile(path);
            int stated = int.Parse(packets[Path.GetFileName(path)], CultureInfo.InvariantCulture);
            // Where a file breaks off inside a record, the manifest may count that record; we cannot.
            int surplus = capture.Ending == CaptureEnding.Complete ? 0 : stated - capture.Frames.Count;
            if (surplus is not (0 or 1) || stated - surplus != capture.Frames.Count)
            {
                differences.Add($"{Path.GetFileName(path)}: {stated} stated, {capture.Frames.Count} read, {capture.Ending}");
            }
        }
        Assert.Empty(differences);
    }

    private static string CorpusCapture(string name) => SharedFolder.Captures().Single(path => Path.GetFileName(path) == name);
}
