using System.Text;
using FlowMeter.Cli.View;

namespace FlowMeter.Tests.Cli.View;

/// <summary>Text of strangers on a terminal.</summary>
public sealed class CellTextTests
{
    [Theory]
    [InlineData("example.com", "example.com", 11)]
    [InlineData("", "", 0)]
    [InlineData("a\u001b[31mb", "a\\u{1B}[31mb", 12)]
    [InlineData("a\nb\tc\r\u0007", "a\\u{A}b\\u{9}c\\u{D}\\u{7}", 23)]
    [InlineData("\u007f\u0085\u009b", "\\u{7F}\\u{85}\\u{9B}", 18)]
    [InlineData("\u202eevil\u2066\u200f", "\\u{202E}evil\\u{2066}\\u{200F}", 28)]
    [InlineData("e\u0301", "e\\u{301}", 8)]
    [InlineData("\u200b\ufeff\u2028", "\\u{200B}\\u{FEFF}\\u{2028}", 24)]
    [InlineData("grün", "grün", 4)]
    [InlineData("日本.jp", "日本.jp", 7)]
    [InlineData("한글", "한글", 4)]
    [InlineData("😀", "😀", 2)]
    [InlineData("\ue000", "\\u{E000}", 8)]
    public void What_a_terminal_obeys_is_written_as_its_number(string value, string shown, int width)
    {
        string text = CellText.From(Encoding.UTF8.GetBytes(value), hasUnicode: true);
        Assert.Equal((shown, width), (text, CellText.WidthOf(text)));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_numbers() =>
        Assert.Equal(@"a\xFF\xC3b\xE2\x82", CellText.From([0x61, 0xFF, 0xC3, 0x62, 0xE2, 0x82], hasUnicode: true));

    [Fact]
    public void A_terminal_of_bare_letters_gets_no_others() =>
        Assert.Equal("gr\\u{FC}n", CellText.From(Encoding.UTF8.GetBytes("grün"), hasUnicode: false));

    [Fact]
    public void No_text_of_any_bytes_has_a_control_character()
    {
        Random random = new(3);
        byte[] bytes = new byte[200];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            string text = CellText.From(bytes, hasUnicode: true);
            Assert.DoesNotContain(text, char.IsControl);
            Assert.InRange(CellText.WidthOf(CellText.Cut(text, 17, hasUnicode: true)), 16, 17);
        }
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abcdef", 1, "…")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("😀😀", 3, "😀…")]
    public void A_text_is_cut_between_characters(string text, int width, string cut) =>
        Assert.Equal(cut, CellText.Cut(text, width, hasUnicode: true));

    [Fact]
    public void A_long_value_is_not_read_to_its_end() =>
        Assert.Equal(4000, CellText.From(new byte[10_000_000].Select(_ => (byte)'x').ToArray(), hasUnicode: true).Length);
}
