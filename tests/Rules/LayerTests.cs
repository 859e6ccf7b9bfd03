using System.Reflection;
using System.Text.RegularExpressions;
using FlowMeter.Engine.Metering;
using FlowMeter.Learning.Data;
using FlowMeter.Native;
using FlowMeter.Report.Pages;
using Xunit.Abstractions;

namespace FlowMeter.Tests.Rules;

/// <summary>
/// Which project may see which: Cli → Report → Learning → Engine → Native, and never back. Within them a room, which is a folder, uses only
/// rooms on lower floors.
/// </summary>
public sealed partial class LayerTests(ITestOutputHelper output)
{
    /// <summary>The floor of each room. Rooms on one floor do not see each other.</summary>
    private static readonly Dictionary<string, int> s_floors = new()
    {
        ["Native"] = 0,
        ["Engine.Numerics"] = 0,
        ["Engine.Ciphers"] = 1,
        ["Engine.Text"] = 1,
        ["Engine.Memory"] = 2,
        ["Engine.Capture"] = 3,
        ["Engine.Decode"] = 4,
        ["Engine.Output"] = 4,
        ["Engine.Hosts"] = 5,
        ["Engine.Names"] = 5,
        ["Engine.Flow"] = 6,
        ["Engine.Synthetic"] = 6,
        ["Engine.Anonymization"] = 6,
        ["Engine.Features"] = 7,
        ["Engine.Scoring"] = 8,
        ["Engine.Export"] = 9,
        ["Engine.Brokers"] = 10,
        ["Engine.HostVerdicts"] = 10,
        ["Engine.Packets"] = 10,
        ["Engine.Metering"] = 10,
        ["Engine.Watch"] = 11,
        ["Cli.Shell"] = 9,
        ["Cli.Http"] = 10,
        ["Cli.Telemetry"] = 11,
        ["Learning.Data"] = 11,
        ["Learning.Queries"] = 12,
        ["Learning.Evaluation"] = 12,
        ["Learning.Training"] = 13,
        ["Report.Drawing"] = 12,
        ["Report.Statistics"] = 12,
        ["Report.Charts"] = 13,
        ["Report.Pages"] = 14,
        ["Cli.Options"] = 12,
        ["Cli.Help"] = 13,
        ["Cli.Summary"] = 13,
        ["Cli.View"] = 13,
        ["Cli.Watch"] = 13,
        ["Cli.Page"] = 14,
        ["Cli.Collect"] = 15,
        ["Cli.Read"] = 15,
        ["Cli.Extract"] = 15,
        ["Cli.Show"] = 15,
        ["Cli.Capture"] = 15,
        ["Cli.Learn"] = 15,
        ["Cli.Bench"] = 15,
        ["Cli.Top"] = 16,
        ["Cli"] = 17,
        ["Library"] = 18,
    };

    private static readonly Assembly[] s_assemblies =
    [
        typeof(PcapCapture).Assembly,
        typeof(MeteringProcess).Assembly,
        typeof(DataSet).Assembly,
        typeof(TableReport).Assembly,
        typeof(FlowMeter.Cli.Program).Assembly,
    ];

    [Fact]
    public void A_room_uses_only_rooms_on_lower_floors()
    {
        IEnumerable<string> wrong = SourceTree.Files("src", ".cs")
            .SelectMany(path => Usings().Matches(SourceTree.ReadCode(path)).Select(
                match => (From: RoomOf(path), To: RoomOf(match.Groups[1].Value))))
            .Where(pair => pair.From != pair.To && s_floors[pair.From] <= s_floors[pair.To])
            .Select(pair => $"{pair.From} -> {pair.To}")
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Empty(wrong);
    }

    /// <summary>The same by what the compiler wrote, which sees a type without a using, too; prints the map.</summary>
    [Fact]
    public void The_map_of_types_between_rooms_goes_down_only()
    {
        SortedDictionary<(string From, string To), string> map = TypeMap.Read(s_assemblies);
        foreach (((string from, string to), string example) in map)
        {
            output.WriteLine($"{from} → {to}: {example}");
        }

        Assert.InRange(map.Count, 50, 1000);
        Assert.Empty(map.Where(pair => s_floors[pair.Key.From] <= s_floors[pair.Key.To]).Select(pair => $"{pair.Key}: {pair.Value}"));
    }

    [Theory]
    [InlineData("Native", "Engine", "Learning", "Report", "Cli")]
    [InlineData("Engine", "Learning", "Report", "Cli")]
    [InlineData("Learning", "Report", "Cli")]
    [InlineData("Report", "Cli")]
    public void A_project_names_only_the_ones_below_it(string project, params string[] above)
    {
        string text = SourceTree.Read($"src/{project}/FlowMeter.{project}.csproj");
        Assert.All(above, name => Assert.DoesNotContain($"FlowMeter.{name}.csproj", text, StringComparison.Ordinal));
    }

    public static TheoryData<Assembly, string[]> AssembliesBelow => new()
    {
        { typeof(PcapCapture).Assembly, [] },
        { typeof(MeteringProcess).Assembly, ["FlowMeter.Native"] },
        { typeof(DataSet).Assembly, ["FlowMeter.Engine", "FlowMeter.Native"] },
        { typeof(TableReport).Assembly, ["FlowMeter.Learning", "FlowMeter.Engine", "FlowMeter.Native"] },
    };

    [Theory]
    [MemberData(nameof(AssembliesBelow))]
    public void An_assembly_calls_only_the_ones_below_it(Assembly assembly, string[] below) =>
        Assert.All(OursReferencedBy(assembly), name => Assert.Contains(name, below));

    /// <summary>The room of a source file, or of a namespace or type that it uses.</summary>
    private static string RoomOf(string text)
    {
        string name = text.StartsWith("src/", StringComparison.Ordinal)
            ? Path.GetDirectoryName(text)!["src/".Length..].Replace('/', '.')
            : text;
        return s_floors.Keys.Where(room => name == room || name.StartsWith(room + ".", StringComparison.Ordinal)).MaxBy(room => room.Length)
            ?? throw new InvalidOperationException($"{text}: has no floor; give it one.");
    }

    [GeneratedRegex(@"^\s*(?:global )?using (?:static |\w+ = )?FlowMeter\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Usings();

    private static IEnumerable<string> OursReferencedBy(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(
            name => name.StartsWith("FlowMeter", StringComparison.OrdinalIgnoreCase));
}
