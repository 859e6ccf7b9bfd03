using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

public sealed class FileNamePatternTests
{
    [Theory]
    [InlineData("flows-%Y%m%dT%H%M%S.csv", "flows-20260102T030405.csv")]
    [InlineData("%F_%T.csv", "2026-01-02_03:04:05.csv")]
    [InlineData("%y %j %b %h %B %a %A %I%p %R", "26 002 Jan Jan January Fri Friday 03AM 03:04")]
    [InlineData("%s %u %w %G-%V %z%Z", "1767323045 5 5 2026-01 +0000UTC")]
    [InlineData("100%%Y.csv", "100%Y.csv")]
    [InlineData("plain", "plain")]
    public void Names_are_the_time_in_UTC(string pattern, string name)
    {
        FileNamePattern names = new("/x/" + pattern);
        Assert.Equal("/x/" + name, names.PathOf(SetClock.At("2026-01-02T03:04:05").ToOffset(TimeSpan.FromHours(5))));
        Assert.True(names.Matches(name));
    }

    [Fact]
    public void Names_are_those_of_date()
    {
        const string Pattern = "%Y %m %d %H %M %S %y %j %b %h %B %a %A %I %p %F %T %R %s %u %w %G %V %z %Z %%";
        foreach (string time in new[] { "1999-12-31T23:59:59", "2024-02-29T12:00:00", "2027-01-03T00:00:01", "2030-12-30T11:09:08" })
        {
            Finished date = Launched.Start("env", "LC_ALL=C", "date", "-u", "-d", time + "Z", "+" + Pattern).Finish();
            string name = Path.GetFileName(new FileNamePattern("/x/" + Pattern).PathOf(SetClock.At(time)));
            Assert.Equal(date.Succeeded().Output.TrimEnd(), name);
        }
    }

    [Theory]
    [InlineData("flows-%Q.csv", "%Q is not a conversion")]
    [InlineData("flows-%-d.csv", "%- is not a conversion")]
    [InlineData("flows-%D.csv", "%D is not a conversion")]
    [InlineData("flows%", "% is not a conversion")]
    [InlineData("%Y/flows.csv", "the folder's name has a percent sign")]
    public void What_is_not_supported_is_named(string pattern, string message)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => new FileNamePattern(pattern));
        Assert.StartsWith($"{pattern}: {message}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f-%Y.csv", "f-2026.csv", true)]
    [InlineData("f-%Y.csv", "f-2026-12.csv", true)]
    [InlineData("f.csv", "f-3.csv", true)]
    [InlineData("f.csv", "f3.csv", false)]
    [InlineData("f.csv", "f-x.csv", false)]
    [InlineData("f-%Y.csv", "f-.csv", false)]
    [InlineData("f-%Y.csv", "g-2026.csv", false)]
    [InlineData("f-%Y.csv", "f-2026.csv.gz", false)]
    [InlineData("f", "f-1", true)]
    [InlineData("f-%Y.", "f-2026.-12", true)]
    [InlineData("f.", "f.-1", true)]
    [InlineData("f.csv", "f.csv-1", false)]
    public void Names_of_a_pattern_are_known(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new FileNamePattern("/x/" + pattern).Matches(name));

    [Fact]
    public void A_name_planted_to_match_in_many_ways_is_refused_at_once()
    {
        FileNamePattern names = new("/x/" + string.Concat(Enumerable.Repeat("%d", 100)) + ".csv");
        Assert.False(names.Matches(new string('1', 200) + "_.csv"));
        Assert.False(names.Matches(new string('1', 99) + ".csv"));
        Assert.True(names.Matches(new string('1', 200) + ".csv"));
    }

    /// <summary>Against trying all ways, on short names.</summary>
    [Fact]
    public void Names_match_where_there_is_a_way()
    {
        Random random = new(5);
        bool Tries(string name, string[] pieces) => pieces.Length == 0
            ? name.Length == 0
            : pieces[0] != "%d"
                ? name.StartsWith(pieces[0], StringComparison.Ordinal) && Tries(name[pieces[0].Length..], pieces[1..])
                : Enumerable.Range(1, name.Length).Any(
                    length => name[..length].All(letter => letter is '1' or '-') && Tries(name[length..], pieces[1..]));
        int matches = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string[] pieces = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new[] { "%d", "1", "-", "_", "_1" }[random.Next(5)])];
            string name = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => "11-_"[random.Next(4)]));
            bool isNumbered = name.TrimEnd('1') is var stem && stem.Length < name.Length && stem.EndsWith('-');
            bool expected = Tries(name, pieces) || (isNumbered && Tries(stem[..^1], pieces));
            Assert.Equal(expected, new FileNamePattern("/x/" + string.Concat(pieces)).Matches(name));
            matches += expected ? 1 : 0;
        }

        Assert.InRange(matches, 1000, 19_000);
    }

    [Theory]
    [InlineData("/a.b/f.csv", 0, "/a.b/f.csv")]
    [InlineData("/a.b/f.csv", 2, "/a.b/f-2.csv")]
    [InlineData("/a.b/f", 1, "/a.b/f-1")]
    public void The_number_stands_before_the_extension(string path, int number, string numbered) =>
        Assert.Equal(numbered, FileNamePattern.Numbered(path, number));
}
