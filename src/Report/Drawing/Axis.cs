using System.Globalization;

namespace FlowMeter.Report.Drawing;

/// <summary>An axis of a chart: a scale with its label and ticks.</summary>
/// <param name="Scale">Maps values to coordinates.</param>
/// <param name="Label">What is measured, with its unit.</param>
/// <param name="Ticks">The values of the ticks and their texts.</param>
internal sealed record Axis(Scale Scale, string Label, IReadOnlyList<(double Value, string Text)> Ticks)
{
    private const double Day = 86400;

    private static readonly double[] s_timeSteps =
    [
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60,
        120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, Day, 2 * Day, 5 * Day, 10 * Day, 30 * Day,
    ];

    private static readonly int[] s_monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

    /// <summary>An axis of shares, in percent, from 0 to <paramref name="high"/>.</summary>
    public static Axis Share(string label, double from, double to, double high = 1) =>
        Create(
            Scale.Linear(0, high, from, to),
            label,
            6,
            value => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(100 * value, 6)}\u00A0%"));

    /// <summary>An axis of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="label">What is measured, with its unit.</param>
    /// <param name="maxTicks">The largest number of ticks.</param>
    /// <param name="text">The text of a tick by its value.</param>
    public static Axis Create(Scale scale, string label, int maxTicks, Func<double, string> text) =>
        new(scale, label, [.. scale.Ticks(maxTicks).Select(value => (value, text(value)))]);

    /// <summary>An axis of times, UTC. Values are seconds since the epoch; ticks are at round times of a clock or a calendar.</summary>
    public static Axis Clock(double first, double last, double from, double to, int maxTicks)
    {
        Scale scale = Scale.Linear(first, last, from, to);
        DateTime start = DateTime.UnixEpoch.AddSeconds(scale.Low);
        double span = scale.High - scale.Low;
        if (span > 90 * Day)
        {
            return new Axis(scale, "month, UTC", Months(start, DateTime.UnixEpoch.AddSeconds(scale.High), maxTicks));
        }

        double step = s_timeSteps.FirstOrDefault(step => span / step <= maxTicks - 1, s_timeSteps[^1]);
        string format = step >= Day ? "d MMM" : step >= 60 ? "HH:mm" : step >= 1 ? "HH:mm:ss" : step >= 0.001 ? "ss.fff" : "ss.ffffff";
        List<(double, string)> ticks = [];
        for (double i = Math.Ceiling((scale.Low / step) - 1e-9); i * step <= scale.High; i++)
        {
            DateTime at = DateTime.UnixEpoch.AddSeconds(i * step);
            ticks.Add((i * step, Text(at, step is >= 60 and < Day && at.TimeOfDay == TimeSpan.Zero ? "d MMM" : format)));
        }

        return new Axis(
            scale,
            step < 1 ? $"seconds after {Text(start, "d MMM yyyy, HH:mm")}, UTC" : $"time, UTC, from {Text(start, "d MMM yyyy")}",
            ticks);
    }

    private static List<(double, string)> Months(DateTime start, DateTime end, int maxTicks)
    {
        int months = ((end.Year - start.Year) * 12) + end.Month - start.Month;
        int step = s_monthSteps.FirstOrDefault(step => months / step <= maxTicks - 1, s_monthSteps[^1]);
        List<(double, string)> ticks = [];
        for (int month = ((start.Year * 12) + start.Month - 1) / step * step; ; month += step)
        {
            DateTime at = new(month / 12, (month % 12) + 1, 1, 0, 0, 0, DateTimeKind.Utc);
            if (at > end)
            {
                return ticks;
            }

            if (at >= start)
            {
                ticks.Add(((at - DateTime.UnixEpoch).TotalSeconds, Text(at, step >= 12 ? "yyyy" : "MMM yyyy")));
            }
        }
    }

    private static string Text(DateTime at, string format) => at.ToString(format, CultureInfo.InvariantCulture);
}
