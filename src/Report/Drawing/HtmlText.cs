using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace FlowMeter.Report.Drawing;

/// <summary>
/// The handler of interpolated strings for <see cref="Html.Format"/>. A hole of any type without an overload here does not compile.
/// </summary>
/// <param name="literalLength">Characters of the literal parts.</param>
/// <param name="holes">Number of holes.</param>
[InterpolatedStringHandler]
internal readonly struct HtmlText(int literalLength, int holes)
{
    private readonly StringBuilder _markup = new(literalLength + (16 * holes));

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(string? text) => _markup.Append(Html.Escape(text ?? ""));

    public void AppendFormatted(Html? markup) => _markup.Append(markup);

    public void AppendFormatted(IEnumerable<Html> parts) => _markup.Append(Html.Join(parts));

    public void AppendFormatted(long number) => _markup.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A coordinate of a drawing, rounded to a tenth of a unit.</summary>
    public void AppendFormatted(double coordinate) => _markup.Append(PathData.Number(coordinate));

    public override string ToString() => _markup.ToString();
}
