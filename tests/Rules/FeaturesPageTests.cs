using FlowMeter.Cli.Help;

namespace FlowMeter.Tests.Rules;

/// <summary>docs/features.md is what the program prints.</summary>
public sealed class FeaturesPageTests
{
    [Fact]
    public void The_page_is_the_catalogues()
    {
        using StringWriter page = new();
        FeaturesPage.Write(page);
        Assert.True(
            page.ToString() == SourceTree.Read("docs/features.md").ReplaceLineEndings("\n"),
            "docs/features.md is out of date: flowmeter features --markdown > docs/features.md");
    }
}
