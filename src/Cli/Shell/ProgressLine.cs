using System.Diagnostics;
using System.Globalization;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Cli.Shell;

/// <summary>A line on the terminal that says how far the run is, five times a second, and is gone at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly string _unit;
    private readonly Func<(double Count, double? Share)> _done;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private bool _isDone;

    /// <summary>Starts the display.</summary>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="done">How much is done: the count, and the share of the whole; null if unknown.</param>
    public ProgressLine(string unit, Func<(double Count, double? Share)> done)
    {
        _unit = unit;
        _done = done;
        _timer = new Timer(_ => Draw(), null, Period, Period);
    }

    /// <summary>The share of the input that is read; null if unknown.</summary>
    public static double? ShareOf(InputProgress input, long? inputBytes) =>
        inputBytes is > 0 ? Math.Min((double)input.Bytes / inputBytes.Value, 1) : null;

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isDone = true;
            Terminal.Error.Show("");
        }
    }

    private void Draw()
    {
        lock (_lock)
        {
            if (!_isDone)
            {
                Terminal.Error.Show(Text());
            }
        }
    }

    private string Text()
    {
        double seconds = _clock.Elapsed.TotalSeconds;
        (double count, double? known) = _done();
        string rate = $"{Scaled(count)} {_unit}  {Scaled(count / seconds)}/s";
        if (known is not double share)
        {
            return rate;
        }

        int filled = (int)(share * BarWidth);
        string left = share > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {seconds / share * (1 - share):0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{share * 100,3:0} % {new string(Terminal.HasUnicode ? '█' : '#', filled)}"
            + $"{new string(Terminal.HasUnicode ? '░' : '.', BarWidth - filled)}  {rate}{left}");
    }

    private static string Scaled(double count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count < 1e5 ? count : count / 1e6):0.#}{(count < 1e5 ? "" : " M")}");
}
