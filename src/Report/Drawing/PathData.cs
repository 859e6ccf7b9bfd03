using System.Globalization;
using System.Text;

namespace FlowMeter.Report.Drawing;

/// <summary>The data of SVG paths: absolute moves and lines, with coordinates to a tenth of a unit.</summary>
internal static class PathData
{
    /// <summary>A line through points.</summary>
    public static string Line(IEnumerable<(double X, double Y)> points)
    {
        StringBuilder path = new();
        foreach ((double x, double y) in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
        }

        return path.ToString();
    }

    /// <summary>The line of a step function: horizontal to the X of the next point, then vertical to its Y.</summary>
    public static string Steps(IEnumerable<(double X, double Y)> points)
    {
        StringBuilder path = new();
        foreach ((double x, double y) in points)
        {
            _ = path.Length == 0
                ? path.Append('M').Append(Number(x)).Append(' ').Append(Number(y))
                : path.Append('H').Append(Number(x)).Append('V').Append(Number(y));
        }

        return path.ToString();
    }

    /// <summary>The area between a line and a horizontal baseline; empty for no points.</summary>
    public static string Area(IReadOnlyList<(double X, double Y)> points, double baseline) => points.Count == 0
        ? ""
        : $"M{Number(points[0].X)} {Number(baseline)}L{Line(points)[1..]}V{Number(baseline)}Z";

    /// <summary>A rectangle.</summary>
    public static string Box(double x, double y, double width, double height) =>
        $"M{Number(x)} {Number(y)}h{Number(width)}v{Number(height)}h{Number(-width)}Z";

    /// <summary>A coordinate as text.</summary>
    public static string Number(double value)
    {
        double rounded = Math.Round(value, 1, MidpointRounding.AwayFromZero);
        return rounded == 0 ? "0" : rounded.ToString("0.#", CultureInfo.InvariantCulture);
    }
}
