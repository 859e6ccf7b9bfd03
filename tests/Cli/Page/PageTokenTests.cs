using FlowMeter.Cli.Http;
using FlowMeter.Cli.Page;

namespace FlowMeter.Tests.Cli.Page;

public sealed class PageTokenTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.token");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_token_is_made_anew_for_every_run()
    {
        Assert.Matches("^[0-9a-f]{64}$", PageToken.Make().Text);
        Assert.NotEqual(PageToken.Make().Text, PageToken.Make().Text);
    }

    [Fact]
    public void The_first_line_of_the_file_is_the_token()
    {
        File.WriteAllText(_path, "abcdefghijklmnop \nsecond\n");
        Assert.Equal(new PageToken("abcdefghijklmnop", IsMade: false), PageToken.Read(_path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("with a space between")]
    [InlineData("semicolon;semicolon;")]
    [InlineData("fifteen56789012")]
    [InlineData("letters-of-ASCII")]
    [InlineData("äöüäöüäöüäöüäöüäöü")]
    public void What_is_no_token_is_said_in_one_line(string text)
    {
        File.WriteAllText(_path, text);
        ListenException refused = Assert.Throws<ListenException>(() => PageToken.Read(_path));
        Assert.StartsWith(
            $"--page-token-file {_path}: the first line is no token; write 16 to 256", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_has_sixteen_to_256_characters()
    {
        File.WriteAllText(_path, new string('a', 16));
        Assert.Equal(16, PageToken.Read(_path).Text.Length);
        File.WriteAllText(_path, new string('a', 256));
        Assert.Equal(256, PageToken.Read(_path).Text.Length);
        File.WriteAllText(_path, new string('a', 257));
        Assert.Throws<ListenException>(() => PageToken.Read(_path));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_in_one_line() =>
        Assert.EndsWith(
            "; name a file that can be read.", Assert.Throws<ListenException>(() => PageToken.Read(_path)).Message,
            StringComparison.Ordinal);
}
