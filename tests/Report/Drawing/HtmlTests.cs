using FlowMeter.Report.Drawing;


namespace FlowMeter.Tests.Report.Drawing;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a&b \"c\" 'd'", "a&amp;b &quot;c&quot; &#39;d&#39;")]
    [InlineData("x\u202Egnp.exe\0\u001b[2J", "x\uFFFDgnp.exe\uFFFD\uFFFD[2J")]
    [InlineData("größer 漢字 😀", "größer 漢字 😀")]
    public void Text_is_never_markup(string text, string expected)
    {
        Assert.Equal(expected, Html.Escape(text));
        Assert.Equal($"<p title=\"{expected}\">{expected}</p>", Html.Format($"<p title=\"{text}\">{text}</p>").ToString());
    }

    [Fact]
    public void Markup_goes_into_markup_as_it_is()
    {
        Html[] items = [Html.Format($"<li>{"<"}</li>"), Html.Format($"<li>{7}</li>"), Html.Format($"<li>{1.26}</li>")];
        Assert.Equal("<ul><li>&lt;</li><li>7</li><li>1.3</li></ul>", Html.Format($"<ul>{items}</ul>").ToString());
        Assert.True(Html.Empty.IsEmpty);
    }
}
