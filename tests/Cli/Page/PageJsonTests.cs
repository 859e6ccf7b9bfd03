using FlowMeter.Cli.Page;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Tests.Cli.Page;

public sealed class PageJsonTests
{
    [Fact]
    public void No_text_of_a_stranger_is_a_formula_or_another_field()
    {
        string[] texts = ["=1+1", "+1", "-1", "@x", "a,b", "a\"b", "\"=1", "a\nb", "a=b", "", "x\ry", "y", "=\""];
        string[] lines = PageJson.Csv(new FoundFlows([new WatchedFlow(1, 2, 3, 4, 5, 0.5, Verdict.Malicious, texts)], 1, 1)).Split('\n', 2);
        Assert.Equal(
            "1,2,3,4,5,0.5,'=1+1,'+1,'-1,'@x,\"a,b\",\"a\"\"b\",\"\"\"=1\",\"a\nb\",a=b,,\"x\ry\",y,\"'=\"\"\"\n", lines[1]);
    }
}
