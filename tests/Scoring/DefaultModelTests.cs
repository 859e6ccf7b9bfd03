using System.Text.Json;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>The models inside the binary.</summary>
public sealed class DefaultModelTests
{
    [Fact]
    public void Three_profiles_have_one() => Assert.Equal(["extended", "flowmeter", "full"], DefaultModel.Profiles);

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
    [InlineData("full")]
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
    [InlineData("full")]
    public void The_card_has_its_thresholds(string profile)
    {
        Model model = DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!;
        string section = Card().Split($"### Profile `{profile}`\n")[1].Split("\n### ")[0];
        Assert.Contains(
            FormattableString.Invariant($"Malicious from {model.Threshold:0.0000} on, benign below {model.BenignBelow:0.0000}."), section,
            StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{model.Features.Length} features"), section, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    [InlineData("full")]
    public void It_says_that_it_is_untuned_and_carries_what_tuning_needs(string profile)
    {
        Model model = DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!;
        Assert.True(model.IsUntuned);
        Assert.True(model.HasBand);
        Assert.True(model.Malicious!.Count > 500);
        Assert.NotNull(model.Benign);
        Assert.All(model.Features, feature => Assert.NotEmpty(feature.Shares));
    }

    /// <summary>Ports, addresses, TCP windows and options, and TTL tell laboratories apart, not attacks.</summary>
    [Theory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    [InlineData("full")]
    public void It_reads_nothing_that_names_a_network(string profile) => Assert.DoesNotContain(
        DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!.Features,
        feature => feature.Names.Any(name => new[] { "port", "ip", "window", "ttl", "option" }.Any(
            word => name.Split('_').Contains(word))));

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
