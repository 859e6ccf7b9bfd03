using System.Text;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

public sealed class VerdictTextTests
{
    [Theory]
    [InlineData(Verdict.Benign, "benign")]
    [InlineData(Verdict.Malicious, "malicious")]
    [InlineData(Verdict.Undecided, "undecided")]
    public void A_verdict_is_read_as_it_is_written(Verdict verdict, string text)
    {
        Assert.Equal(text, Encoding.UTF8.GetString(VerdictText.Utf8(verdict)));
        Assert.Equal(verdict, VerdictText.Parse(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Benign")]
    [InlineData("benign ")]
    public void Any_other_text_is_undecided(string text) =>
        Assert.Equal(Verdict.Undecided, VerdictText.Parse(Encoding.UTF8.GetBytes(text)));
}
