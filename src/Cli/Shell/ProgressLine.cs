using System.Diagnostics;
using System.Globalization;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Cli.Shell;

/// <summary>A line on the terminal that says how far the run is, five times a second, and is gone at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int BarWidth = 24;

    // With bytes and flows beside it; the line has to fit 80 columns.
    private const int ShortBarWidth = 10;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly string _unit;
    private readonly Func<(double Count, double? Share)> _done;
    private readonly Func<(long Bytes, long? Flows)>? _input;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private bool _isDone;

    /// <summary>Starts the display.</summary>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="done">How much is done: the count, and the share of the whole; null if unknown.</param>
    /// <param name="input">Bytes that were read and flows that came out; null: not shown, and so are flows that are null.</param>
    public ProgressLine(string unit, Func<(double Count, double? Share)> done, Func<(long Bytes, long? Flows)>? input = null)
    {
        _unit = unit;
        _input = input;
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
        (double count, double? share) = _done();
        return TextOf(_clock.Elapsed.TotalSeconds, count, _unit, share, _input?.Invoke(), Terminal.HasUnicode);
    }

    /// <summary>The line.</summary>
    /// <param name="seconds">How long the run has taken.</param>
    /// <param name="count">What is done.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="known">The share of the whole; null if unknown.</param>
    /// <param name="input">Bytes that were read and flows that came out; null: not shown.</param>
    /// <param name="hasUnicode">Whether more than ASCII may be shown.</param>
    internal static string TextOf(
        double seconds, double count, string unit, double? known, (long Bytes, long? Flows)? input, bool hasUnicode)
    {
        string rate = $"{Scaled(count)} {unit}  {Scaled(count / seconds)}/s";
        if (input is { } read)
        {
            rate = $"{ShortNumber.Bytes(read.Bytes)}  {rate}{(read.Flows is { } flows ? $"  {Scaled(flows)} flows" : "")}";
        }

        if (known is not double share)
        {
            return rate;
        }

        int width = input == null ? BarWidth : ShortBarWidth;
        int filled = (int)(share * width);
        string left = share > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {seconds / share * (1 - share):0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{share * 100,3:0} % {new string(hasUnicode ? '█' : '#', filled)}"
            + $"{new string(hasUnicode ? '░' : '.', width - filled)}  {rate}{left}");
    }

    private static string Scaled(double count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count < 1e5 ? count : count / 1e6):0.#}{(count < 1e5 ? "" : " M")}");
}
