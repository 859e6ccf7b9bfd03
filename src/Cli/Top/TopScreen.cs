using System.Text;
using FlowMeter.Cli.Shell;
using FlowMeter.Native;

namespace FlowMeter.Cli.Top;

/// <summary>
/// The whole terminal: its second buffer without a cursor, and keys as they are pressed. However the process ends in order, by a key, a
/// signal or a failure, the terminal is as it was.
/// </summary>
internal sealed class TopScreen : IDisposable
{
    private const int Keyboard = 0;
    private const int Display = 1;
    private const string Begin = "\x1b[?1049h\x1b[?25l";
    private const string End = "\x1b[?25h\x1b[?1049l";

    private readonly RawTerminal _terminal;
    private readonly Lock _lock = new();
    private bool _isOver;

    private TopScreen(RawTerminal terminal)
    {
        _terminal = terminal;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        Terminal.Out.Write(Begin);
    }

    /// <summary>Columns and rows; those of the first terminals where it does not say.</summary>
    public static (int Columns, int Rows) Size => RawTerminal.SizeOf(Display) ?? (80, 24);

    /// <summary>Whether there is a terminal to draw on, with keys.</summary>
    /// <param name="variable">Gives the value of a variable of the environment.</param>
    public static bool IsPossible(Func<string, string?> variable) => RawTerminal.IsSupported && !Console.IsInputRedirected
        && !Console.IsOutputRedirected && variable("TERM") is not (null or "" or "dumb");

    /// <summary>Takes the terminal.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static TopScreen Take() => new(RawTerminal.TryBegin(Keyboard) ?? throw new UsageException(
        "top: the keyboard can not be read key by key here; look at the run with --page of read and capture."));

    /// <summary>Draws a picture over the one before, in one write.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        StringBuilder picture = new("\x1b[H");
        foreach ((int number, string line) in lines.Index())
        {
            picture.Append(number == 0 ? "" : "\r\n").Append(line).Append("\x1b[K");
        }

        picture.Append("\x1b[J");
        lock (_lock)
        {
            if (!_isOver)
            {
                Terminal.Out.Write(picture.ToString());
            }
        }
    }

    /// <summary>Waits for keys.</summary>
    /// <param name="milliseconds">How long, at most.</param>
    /// <returns>What was pressed.</returns>
    public IEnumerable<TopKey> Await(int milliseconds)
    {
        if (!Descriptors.AwaitReadable(Keyboard, milliseconds))
        {
            return [];
        }

        byte[] typed = new byte[64];
        int count = _terminal.Read(typed);
        return count == 0 ? [TopKey.Quit] : TopKeys.Read(typed[..count]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isOver = true;
                AppDomain.CurrentDomain.ProcessExit -= OnExit;
                Terminal.Out.Write(End);
                _terminal.Dispose();
            }
        }
    }

    private void OnExit(object? sender, EventArgs arguments) => Dispose();
}
