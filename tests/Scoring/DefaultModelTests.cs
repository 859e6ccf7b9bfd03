using System.Text.Json;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>The models inside the binary.</summary>
public sealed class DefaultModelTests
{
    [Fact]
    public void Two_profiles_have_one() => Assert.Equal(["extended", "flowmeter"], DefaultModel.Profiles);

    [Fact]
    public void Every_one_is_valid_for_its_profile() => Assert.All(Profile.All, profile =>
    {
        Model? model = DefaultModel.Load(profile.Name, profile.FeatureNames);
        Assert.Equal(DefaultModel.Profiles.Contains(profile.Name), model != null);
        Assert.Equal(model == null ? null : profile.Name, model?.Profile);
    });

    [Theory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    public void It_judges_whole_flows_of_15_packets_and_more_and_names_no_capture(string profile)
    {
        Model model = DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!;
        Assert.Equal(15, model.MinPackets);
        Assert.Null(model.DecideAfter);
        Assert.True(model.Trained!.Value.GetProperty("converged").GetBoolean());
        Assert.DoesNotContain(model.Trained.Value.EnumerateObject(), property => property.Value.ValueKind == JsonValueKind.Array);
    }

    [Theory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    public void The_card_has_its_threshold(string profile)
    {
        Model model = DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!;
        string section = Card().Split($"### Profile `{profile}`\n")[1].Split("\n### ")[0];
        Assert.Contains(FormattableString.Invariant($"Threshold {model.Threshold:0.0000}."), section, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{model.Features.Length} features"), section, StringComparison.Ordinal);
    }

    private static string Card()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Join(folder.FullName, "FlowMeter.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Join(folder!.FullName, "docs", "model-card.md"));
    }
}
