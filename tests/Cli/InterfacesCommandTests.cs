using System.Text.Json;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter interfaces</c>: what it prints, and what can not be.</summary>
public sealed class InterfacesCommandTests
{
    [Theory]
    [Typed("interfaces", "--json", "", "\"link_type\": ")]
    public void An_option_is_taken(string bare, string words, string member, string text)
    {
        Assert.Empty(member);
        CommandLine.AssertPrinted(bare, words, text);
    }

    [Fact]
    public void Both_forms_list_the_same()
    {
        string[] lines = CommandLine.Run("interfaces").Output.Split('\n');
        Assert.Matches("^name +state +link type +addresses +description$", lines[0]);
        using JsonDocument all = JsonDocument.Parse(CommandLine.Run("interfaces --json").Output);
        Assert.Equal(lines.Length - 2, all.RootElement.GetArrayLength());
        Assert.Equal(
            ["name", "up", "running", "loopback", "link_type", "addresses", "description"],
            all.RootElement[0].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void A_word_too_many_is_refused() =>
        CommandLine.AssertRefused("interfaces eth0", "eth0: is one word too many. See flowmeter interfaces --help");
}
