using System.Globalization;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

public sealed class ModelFileTests : IDisposable
{
    private static readonly string[] DeepfenceNames = [.. Enumerable.Range(0, DeepfenceModel.FeatureCount).Select(i => $"f{i}")];

    private static readonly Dictionary<string, IReadOnlyList<string>> Profiles =
        new() { [DeepfenceModel.Profile] = DeepfenceNames, ["test"] = ["x"] };

    private readonly string _folder = Directory.CreateTempSubdirectory("flowmeter-model-").FullName;

    public ModelFileTests()
    {
        Write("weights.txt", Enumerable.Range(0, 39).Select(i => (i - 19) / 7.0));
        Write("mean.txt", Enumerable.Range(0, 39).Select(i => i * 1e9 / 3));
        Write("std.txt", Enumerable.Range(1, 39).Select(i => i / 11.0));
        Write("intercept.txt", [0.1]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_a_Deepfence_model_in_floats()
    {
        Model model = ModelFile.Load(_folder, Profiles);
        Assert.Equal(Path.GetFileName(_folder), model.Name);
        Assert.Equal("deepfence", model.Profile);
        Assert.Equal(0.1f, model.Intercept);
        Assert.Equal(0.5, model.Threshold);
        Assert.Equal(DeepfenceNames, model.Features.Select(feature => feature.Name));
        Assert.All(model.Features, feature => Assert.Equal(Transform.Identity, feature.Transform));
        Assert.Equal((float)(-18 / 7.0), model.Features[1].Weight);
        Assert.Equal((float)(1e9 / 3), model.Features[1].Centre);
        Assert.Equal((float)(2 / 11.0), model.Features[1].Scale);
    }

    [Theory]
    [InlineData("weights.txt")]
    [InlineData("mean.txt")]
    [InlineData("std.txt")]
    [InlineData("intercept.txt")]
    public void A_folder_with_a_file_missing_is_refused(string name)
    {
        File.Delete(Path.Combine(_folder, name));
        AssertRefused(_folder, name, string.Empty, "no such file");
    }

    [Fact]
    public void A_file_of_another_length_is_refused()
    {
        Write("mean.txt", Enumerable.Repeat(1.0, 38));
        AssertRefused(_folder, "mean.txt", string.Empty, "38 lines, expected 39");
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("1e39")]
    [InlineData("")]
    public void A_line_that_is_no_number_is_refused(string line)
    {
        string[] lines = File.ReadAllLines(Path.Combine(_folder, "weights.txt"));
        lines[6] = line;
        File.WriteAllLines(Path.Combine(_folder, "weights.txt"), lines);
        AssertRefused(_folder, "weights.txt", "line 7", $"'{line}', expected a finite 32-bit number");
    }

    [Fact]
    public void A_standard_deviation_of_zero_is_refused()
    {
        // Not zero as it is written, but as the float it becomes.
        Write("std.txt", Enumerable.Range(1, 39).Select(i => i == 5 ? 1e-60 : 1));
        AssertRefused(_folder, "std.txt", "line 5", "a standard deviation of 0, expected a number above 0");
    }

    [Fact]
    public void A_model_comes_back_from_its_file()
    {
        string path = Path.Combine(_folder, "saved.json");
        using (FileStream file = File.Create(path))
        {
            ModelJson.Write(
                new Model { Name = "n", Profile = "test", Intercept = 1, Features = [ModelFeature.Identity("x", 0, 1, 2)] }, file);
        }

        Assert.Equal(2, ModelFile.Load(path, Profiles).Features[0].Weight);
    }

    [Fact]
    public void No_file_and_an_empty_file_are_refused()
    {
        AssertRefused(Path.Combine(_folder, "absent.json"), string.Empty, string.Empty, "no such file; name a model");
        AssertRefused(Path.Combine(_folder, "no", "folder.json"), string.Empty, string.Empty, "no such file; name a model");
        File.WriteAllText(Path.Combine(_folder, "empty.json"), string.Empty);
        AssertRefused(Path.Combine(_folder, "empty.json"), string.Empty, string.Empty, "empty file, expected a model");
    }

    [Fact]
    public void A_huge_file_is_left_unread()
    {
        string path = Path.Combine(_folder, "huge.pcap");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(ModelBytes.MaxLength + 1);
        }

        AssertRefused(path, string.Empty, string.Empty, "expected a model of at most");
    }

    private static void AssertRefused(string path, string name, string field, string problem)
    {
        ModelException error = Assert.Throws<ModelException>(() => ModelFile.Load(path, Profiles));
        Assert.Equal(Path.Combine(path, name), error.File);
        Assert.Equal(field, error.Field);
        Assert.StartsWith(error.File, error.Message, StringComparison.Ordinal);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, IEnumerable<double> values) =>
        File.WriteAllLines(Path.Combine(_folder, name), values.Select(value => value.ToString("e18", CultureInfo.InvariantCulture)));
}
