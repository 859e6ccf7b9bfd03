using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// All that goes to standard error: lines in their order, and below them how far the run is. Who writes never waits and never hears of a
/// failure, whatever becomes of a terminal, a disk or a pipe's reader: a thread of its own writes what waits in a queue of bounded size.
/// Lines that find no room there, or can not be written, are counted; the next one that is written stands behind a line that says how many.
/// </summary>
/// <param name="stream">Where it goes. May throw, and may block for ever.</param>
/// <param name="capacity">Characters that may wait.</param>
internal sealed class LogWriter(Stream stream, int capacity = LogWriter.DefaultCapacity) : TextWriter(CultureInfo.InvariantCulture)
{
    // Some ten thousand lines: more than a run says at a time, so that only a reader that has stopped loses any.
    private const int DefaultCapacity = 1 << 20;

    // A write that takes longer than this has stalled: nobody waits for it but the end.
    private static readonly TimeSpan s_stalled = TimeSpan.FromMilliseconds(100);

    private static readonly Encoding s_encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly object _lock = new();
    private readonly Queue<(string Text, long LostBefore)> _waiting = new();
    private readonly StringBuilder _begun = new();
    private Thread? _thread;
    private long _writingSince;
    private int _waitingCharacters;
    private string _status = "";
    private string _shown = "";
    private long _lost;
    private long _overflow;
    private long _failed;
    private bool _isHeld;
    private bool _isWriting;
    private bool _isTorn;

    /// <inheritdoc/>
    public override Encoding Encoding => s_encoding;

    /// <summary>Lines that were not written, so far.</summary>
    public long LostLines => Interlocked.Read(ref _lost);

    /// <summary>Starts no thread until <see cref="Start"/>: a thread has the rights of the moment in which it starts.</summary>
    public void Hold() => _isHeld = true;

    /// <summary>Starts the thread now and not at the first line.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _isHeld = false;
            Wake();
        }
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_lock)
        {
            _begun.Append(buffer);
            if (buffer.Contains('\n'))
            {
                Take();
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        lock (_lock)
        {
            _begun.Append(value).Append(CoreNewLine);
            Take();
        }
    }

    /// <summary>Shows how far the run is, in a line below all others that gives way to them; an empty one takes it away.</summary>
    public void Show(string status)
    {
        lock (_lock)
        {
            _status = status;
            Wake();
        }
    }

    /// <summary>Waits a moment for what was written before: what comes next elsewhere comes next for who reads both.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            if (!_isWriting || Stopwatch.GetElapsedTime(_writingSince) < s_stalled)
            {
                Drain(s_stalled);
            }
        }
    }

    /// <summary>Waits until all is written, but no longer than told. What is left then is lost.</summary>
    public void Finish(TimeSpan limit)
    {
        lock (_lock)
        {
            _isHeld = false;
            long from = Stopwatch.GetTimestamp();
            _begun.Append(_begun.Length > 0 ? "\n" : "");
            Take();
            Drain(limit);

            // That lines failed is tried to be told once more, though no line follows.
            _overflow += _failed;
            _failed = 0;
            Drain(limit - Stopwatch.GetElapsedTime(from));
        }
    }

    private bool IsIdle => !_isWriting && _waiting.Count == 0 && _overflow == 0 && _status == _shown;

    private void Drain(TimeSpan limit)
    {
        long from = Stopwatch.GetTimestamp();
        if (!IsIdle)
        {
            Wake();
        }

        while (_thread != null && !IsIdle && limit - Stopwatch.GetElapsedTime(from) is { Ticks: > 0 } left)
        {
            Monitor.Wait(_lock, left);
        }
    }

    /// <summary>Takes what is whole of the text that has begun: a message, written at once.</summary>
    private void Take()
    {
        string text = _begun.ToString();
        int end = text.LastIndexOf('\n') + 1;
        _begun.Remove(0, end);
        if (end == 0)
        {
            return;
        }

        if (_waitingCharacters + end > capacity)
        {
            Lose(text.AsSpan(0, end), ref _overflow);
        }
        else
        {
            _waiting.Enqueue((text[..end], _overflow));
            _waitingCharacters += end;
            _overflow = 0;
        }

        Wake();
    }

    private void Lose(ReadOnlySpan<char> text, ref long where)
    {
        int lines = text.Count('\n');
        where += lines;
        Interlocked.Add(ref _lost, lines);
    }

    private void Wake()
    {
        try
        {
            if (_thread == null && !_isHeld)
            {
                Thread thread = new(Run) { Name = "log", IsBackground = true };
                thread.Start();
                _thread = thread;
            }
        }
        catch (Exception e) when (e is ThreadStartException or OutOfMemoryException)
        {
            // The system has no room for a thread. What waits goes out when it has.
        }

        Monitor.PulseAll(_lock);
    }

    private void Run()
    {
        while (true)
        {
            string message = "";
            long lostBefore = 0;
            string text;
            lock (_lock)
            {
                while (IsIdle)
                {
                    Monitor.PulseAll(_lock);
                    Monitor.Wait(_lock);
                }

                if (_waiting.TryDequeue(out (string Text, long LostBefore) next))
                {
                    (message, lostBefore) = next;
                    _waitingCharacters -= message.Length;
                }
                else
                {
                    (lostBefore, _overflow) = (_overflow, 0);
                }

                lostBefore += _failed;
                _failed = 0;
                text = Compose(message, lostBefore);
                _isWriting = true;
                _writingSince = Stopwatch.GetTimestamp();
            }

            bool isWritten = TryWrite(text);
            lock (_lock)
            {
                _isWriting = false;
                _isTorn = !isWritten;
                if (!isWritten)
                {
                    _failed += lostBefore;
                    Lose(message, ref _failed);
                }
            }
        }
    }

    /// <summary>What is to be written: a message in the place of the status, or the status.</summary>
    private string Compose(string message, long lost)
    {
        string erased = _shown.Length > 0 ? '\r' + new string(' ', _shown.Length) + '\r' : "";
        if (message.Length > 0 || lost > 0)
        {
            // What could not be written may have been written in part.
            string ended = _isTorn ? "\n" : "";
            string told = lost > 0
                ? string.Create(CultureInfo.InvariantCulture, $"flowmeter: {lost:#,0} lines of this log are lost: nobody took them.\n")
                : "";
            _shown = "";
            return erased + ended + told + message;
        }

        string drawn = _status.Length > 0 ? '\r' + _status.PadRight(_shown.Length) : erased;
        _shown = _status;
        return drawn;
    }

    private bool TryWrite(string text)
    {
        try
        {
            stream.Write(s_encoding.GetBytes(text));
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is, nobody could be told but here.
            return false;
        }
    }
}
