using FlowMeter.Cli;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary>No output replaces an input or another output.</summary>
public sealed class FileArgumentTests
{
    [Fact]
    public void Standard_input_is_not_standard_output()
    {
        FileArgument.RejectInput("-o", "-", "-", "the table itself");
        FileArgument.RejectInput("-o", "x.csv", "-", "the table itself");
        FileArgument.RejectInput("-o", "-", "x.csv", "the table itself");
        FileArgument.RejectInput("-o", null, "x.csv", "the table itself");
    }

    [Fact]
    public void A_file_is_one_by_any_name() =>
        Assert.Equal(
            "-o ./x.csv: is the table itself, too; choose another name.",
            Assert.Throws<UsageException>(() => FileArgument.RejectInput("-o", "./x.csv", "x.csv", "the table itself")).Message);

    [Fact]
    public void Two_outputs_can_not_both_be_standard_output() =>
        Assert.Throws<UsageException>(() => FileArgument.RejectSame("--packets", "-", "-", "the table"));

    [Theory]
    [InlineData("evaluate t.csv -q")]
    [InlineData("score - -q")]
    [InlineData("train t.csv -o m -q")]
    public void Commands_that_judge_can_be_quiet(string line) => Assert.Empty(Commands.Root().Parse(line).Errors);
}
