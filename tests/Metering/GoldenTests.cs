using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>The engine against tables that others computed.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> FlowMeterTables => GoldenTables.Names("flowmeter");

    public static TheoryData<string> DeepfenceTables => GoldenTables.Names("deepfence");

    public static TheoryData<string> ExtendedTables => GoldenTables.Names("extended");

    [SharedTheory, MemberData(nameof(FlowMeterTables))]
    public void FlowMeter_rows_agree(string name)
    {
        string capture = SharedFolder.Captures().Single(path => Path.GetFileName(path) == name);
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("flowmeter", name + ".csv"));

        CsvTable table = new EngineMeter().Run(File.ReadAllBytes(capture)).Table;

        Assert.Equal(golden.Header, table.Header);
        Assert.Null(RecordComparison.FirstDifference(table, Expected(golden, ReferenceRecord.IdentityColumns)));
    }

    [SharedTheory, MemberData(nameof(DeepfenceTables))]
    public void Deepfence_rows_scores_and_verdicts_agree(string name)
    {
        Model model = ModelFile.Load(
            GoldenTables.FileOf("deepfence", "model"), Profile.All.ToDictionary(profile => profile.Name, profile => profile.FeatureNames));
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("deepfence", name + ".csv"));

        CsvTable table = new EngineMeter { Profile = "deepfence", Model = model }
            .Run(File.ReadAllBytes(GoldenTables.FileOf("deepfence", name + ".pcap"))).Table;

        Assert.Equal([.. ReferenceDeepfence.Columns, "score", "verdict"], table.Header);
        ReferenceTable expected = Expected(golden, [.. ReferenceDeepfence.IdentityColumns, "verdict"]);
        Assert.Null(RecordComparison.FirstDifference(table, expected, relative: 1e-6, absolute: 1e-5));
    }

    [SharedTheory, MemberData(nameof(ExtendedTables))]
    public void Extended_rows_agree(string name)
    {
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("extended", name + ".csv"));

        CsvTable table = new EngineMeter { Profile = "extended" }
            .Run(File.ReadAllBytes(GoldenTables.FileOf("appflow", name + ".pcap"))).Table;

        Assert.Equal(golden.Header, table.Header);
        Assert.Null(RecordComparison.FirstDifference(table, Expected(golden, ReferenceRecord.IdentityColumns)));
    }

    [SharedTheory, MemberData(nameof(ExtendedTables))]
    public void CIC_rows_agree(string name)
    {
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("cic", name + ".csv"));

        CsvTable table = new EngineMeter { Profile = "cic" }.Run(File.ReadAllBytes(GoldenTables.FileOf("appflow", name + ".pcap"))).Table;

        Assert.Equal(golden.Header, table.Header);
        Assert.Null(RecordComparison.FirstDifference(table, Expected(golden, ReferenceCic.IdentityColumns)));
    }

    [SharedTheory, MemberData(nameof(ExtendedTables))]
    public void AppFlow_rows_agree(string name)
    {
        CsvTable golden = CsvTable.ReadFile(GoldenTables.FileOf("appflow", name + ".csv"));

        CsvTable table = new EngineMeter { Profile = "appflow" }
            .Run(File.ReadAllBytes(GoldenTables.FileOf("appflow", name + ".pcap"))).Table;

        Assert.Equal([.. golden.Header, "success_packets_numbers", "success_packets_rate"], table.Header.Order(AppFlowGolden.SuccessLast));
        Assert.Null(AppFlowGolden.FirstDifference(golden, table));
    }

    /// <summary>A table of numbers but for the columns named.</summary>
    private static ReferenceTable Expected(CsvTable golden, string[] identity)
    {
        string[] numbers = [.. golden.Header.Except(identity)];
        return new ReferenceTable(identity, numbers, [.. golden.Rows.Select(row => new ReferenceRow(
            [.. identity.Select(column => row[golden.Column(column)])],
            [.. numbers.Select(column => double.Parse(row[golden.Column(column)], System.Globalization.CultureInfo.InvariantCulture))]))]);
    }
}
