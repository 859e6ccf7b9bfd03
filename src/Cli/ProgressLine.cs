using System.Diagnostics;
using System.Globalization;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Cli;

/// <summary>A line on the terminal that says how far the run is, five times a second, and is gone at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly MeteringTotals _totals;
    private readonly InputProgress _input;
    private readonly long? _inputBytes;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private bool _isDone;
    private int _width;

    /// <summary>Starts the display.</summary>
    /// <param name="totals">The counters.</param>
    /// <param name="input">Bytes read.</param>
    /// <param name="inputBytes">Bytes there are; null if nobody knows.</param>
    public ProgressLine(MeteringTotals totals, InputProgress input, long? inputBytes)
    {
        _totals = totals;
        _input = input;
        _inputBytes = inputBytes;
        _timer = new Timer(_ => Draw(), null, Period, Period);
    }

    /// <summary>Writes a line of its own above the display.</summary>
    public void Say(string message)
    {
        lock (_lock)
        {
            Show("");
            Console.Error.WriteLine('\r' + message);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isDone = true;
            Show("");
            Console.Error.Write('\r');
        }
    }

    private void Draw()
    {
        lock (_lock)
        {
            if (!_isDone)
            {
                Show(Text());
            }
        }
    }

    private void Show(string text)
    {
        Console.Error.Write('\r' + text.PadRight(_width));
        _width = text.Length;
    }

    private string Text()
    {
        double seconds = _clock.Elapsed.TotalSeconds;
        double packets = _totals.Frames.Frames;
        string rate = string.Create(CultureInfo.InvariantCulture, $"{packets / 1e6:0.0} M packets  {packets / 1e6 / seconds:0.0} M/s");
        if (_inputBytes is not > 0)
        {
            return rate;
        }

        double share = Math.Min((double)_input.Bytes / _inputBytes.Value, 1);
        int filled = (int)(share * BarWidth);
        string left = share > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {seconds / share * (1 - share):0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{share * 100,3:0} % {new string('█', filled)}{new string('░', BarWidth - filled)}  {rate}{left}");
    }
}
