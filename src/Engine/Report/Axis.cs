using System.Globalization;

namespace FlowMeter.Engine.Report;

/// <summary>A scale with its label and what is written at its ticks.</summary>
/// <param name="Scale">Values to places.</param>
/// <param name="Label">What is measured, with its unit.</param>
/// <param name="Ticks">Round values and their texts.</param>
internal sealed record Axis(Scale Scale, string Label, IReadOnlyList<(double Value, string Text)> Ticks)
{
    private static readonly double[] s_timeSteps =
    [
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800,
        3600, 7200, 10800, 21600, 43200, 86400, 2 * 86400, 5 * 86400, 10 * 86400, 30 * 86400, 60 * 86400, 180 * 86400, 365 * 86400.0, 730 * 86400.0,
    ];

    /// <summary>A share, from 0 to 100 %.</summary>
    public static Axis Share(string label, double from, double to, double high = 1) =>
        Of(Scale.Linear(0, high, from, to), label, 6, value => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(100 * value, 6)}\u00A0%"));

    /// <summary>Any scale, its ticks written by a rule.</summary>
    public static Axis Of(Scale scale, string label, int mostTicks, Func<double, string> text) =>
        new(scale, label, [.. scale.Ticks(mostTicks).Select(value => (value, text(value)))]);

    /// <summary>Time of day, UTC; values are seconds since the epoch. Ticks are whole steps of a clock.</summary>
    public static Axis Clock(double first, double last, double from, double to, int mostTicks)
    {
        Scale scale = Scale.Linear(first, last, from, to);
        double step = s_timeSteps.FirstOrDefault(step => (scale.High - scale.Low) / step <= mostTicks - 1, s_timeSteps[^1]);
        List<(double, string)> ticks = [];
        string format = step >= 86400 ? "d MMM" : step >= 60 ? "HH:mm" : step >= 1 ? "HH:mm:ss" : step >= 0.001 ? "ss.fff" : "ss.ffffff";
        for (double i = Math.Ceiling((scale.Low / step) - 1e-9); i * step <= scale.High; i++)
        {
            DateTime at = DateTime.UnixEpoch.AddSeconds(i * step);
            ticks.Add((i * step, at.ToString(step is >= 60 and < 86400 && at.TimeOfDay == TimeSpan.Zero ? "d MMM" : format, CultureInfo.InvariantCulture)));
        }

        string day = DateTime.UnixEpoch.AddSeconds(scale.Low).ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return new Axis(scale, step < 1 ? $"seconds after {DateTime.UnixEpoch.AddSeconds(scale.Low).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture)}, UTC" : $"time, UTC, from {day}", ticks);
    }
}
