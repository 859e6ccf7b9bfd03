namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter key</c>: one key, and nothing else.</summary>
public sealed class KeyCommandTests
{
    [Fact]
    public void It_prints_a_new_key_each_time()
    {
        string first = CommandLine.Run("key").Output;

        Assert.Matches("^[0-9a-f]{64}\n$", first);
        Assert.NotEqual(first, CommandLine.Run("key").Output);
    }

    [Fact]
    public void A_word_too_many_is_refused() =>
        CommandLine.AssertRefused("key site.key", "site.key: is one word too many. See flowmeter key --help");
}
