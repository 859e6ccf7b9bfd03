using System.CommandLine;
using FlowMeter.Cli;
using FlowMeter.Cli.Learn;

namespace FlowMeter.Tests.Cli;

/// <summary>Options of several values take no file for a value.</summary>
public sealed class FilesFirstTests
{
    [Theory]
    [InlineData("train --penalty l1 l2 table.csv -o m", "train table.csv --penalty l1 l2 -o m")]
    [InlineData("train --C 0.1 1 10 a.csv b.csv --folds 3", "train a.csv b.csv --C 0.1 1 10 --folds 3")]
    [InlineData("train --transform bins:8 x=log1p auto ./t", "train ./t --transform bins:8 x=log1p auto")]
    [InlineData("train --class-weight none 1:5 t.csv", "train t.csv --class-weight none 1:5")]
    [InlineData("train --feature-groups all sizes+gaps t.csv", "train t.csv --feature-groups all sizes+gaps")]
    [InlineData("train --force-feature TTL t.csv", "train t.csv --force-feature TTL")]
    [InlineData("train --penalty=l1 t.csv", "train t.csv --penalty=l1")]
    [InlineData("train --penalty l1 l3", "train --penalty l1 l3")]
    [InlineData("train --penalty x.csv", "train --penalty x.csv")]
    [InlineData("train --benign a.pcap b.pcap --malicious c.pcap", "train --benign a.pcap b.pcap --malicious c.pcap")]
    [InlineData("train --penalty l1 -- t.csv", "train --penalty l1 -- t.csv")]
    [InlineData("train a.csv --penalty l1 b.csv", "train b.csv a.csv --penalty l1")]
    [InlineData("read --penalty l1 t.csv", "read --penalty l1 t.csv")]
    public void Files_behind_values_come_first(string typed, string read) =>
        Assert.Equal(read.Split(' '), FilesFirst.Reorder(typed.Split(' ')));

    [Fact]
    public void Every_option_of_several_words_that_are_no_files_is_known()
    {
        foreach (Option option in Commands.Root().Subcommands.Single(command => command.Name == "train").Options.Where(
            option => option.AllowMultipleArgumentsPerToken && option.HelpName != "FILE"))
        {
            Assert.Equal(["train", "t.csv", option.Name, "first"], FilesFirst.Reorder(["train", option.Name, "first", "t.csv"]));
        }
    }
}
