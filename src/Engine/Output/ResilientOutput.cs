namespace FlowMeter.Engine.Output;

/// <summary>
/// Where the rows of a run of months go: files that are rotated, a named pipe, standard output. A failure never ends the run: it is told
/// once, rows that can not be written are counted, writing is tried again every second, and when it works again that is told, with what was
/// lost. Files are described at <see cref="RotatingFileTarget"/>, pipes at <see cref="StreamTarget"/>.
/// </summary>
/// <remarks>
/// A thread of its own does what takes long or has its time: it waits for the disk (fsync) and renames, so that no worker does, rotates
/// when no row comes, and looks for the reader of a pipe.
/// </remarks>
public sealed class ResilientOutput : RowOutput
{
    // How late a rotation may be when no row comes.
    private const int KeepingMs = 250;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly string _name;
    private readonly OutputTarget _target;
    private readonly RowFraming _framing;
    private readonly TimeProvider _clock;
    private readonly Action<string> _tell;
    private Thread? _keeper;
    private long _lostRows;
    private long _lostBytes;
    private (long Rows, long Bytes) _lostBefore;
    private long _triedAt;
    private bool _isFailing;
    private bool _isEnded;

    /// <summary>Makes an output without its thread: whoever has no thread for it calls <see cref="KeepOnce"/>.</summary>
    internal ResilientOutput(string name, OutputTarget target, RowFraming framing, TimeProvider clock, Action<string> tell)
    {
        (_name, _target, _framing, _clock, _tell) = (name, target, framing, clock, tell);
    }

    /// <inheritdoc/>
    public override long Rows => _target.Rows - _target.RowsTaken;

    /// <summary>Bytes of the rows that were written.</summary>
    public long Bytes => _target.Bytes - _target.BytesTaken;

    /// <summary>Rows that could not be written so far, or whose file somebody took away.</summary>
    public long LostRows => Volatile.Read(ref _lostRows) + _target.RowsTaken;

    /// <summary>Bytes of the rows that are lost so far.</summary>
    public long LostBytes => Volatile.Read(ref _lostBytes) + _target.BytesTaken;

    /// <summary>Whether rows are being lost now.</summary>
    public bool IsFailing => Volatile.Read(ref _isFailing);

    /// <summary>
    /// Files that have rows but not their name, because renaming fails; after <see cref="Complete"/> they stay under their partial names.
    /// </summary>
    public int UnnamedFiles => _target.UnnamedFiles;

    /// <summary>Whether an output can be what was typed; nothing is opened.</summary>
    /// <param name="path">A file, whose name may have conversions of strftime(3), a named pipe, a device, or
    /// <see cref="OutputPath.StandardOutput"/>.</param>
    /// <param name="rotation">When to begin the next file.</param>
    /// <exception cref="FormatException">It can not; the message is one line that begins with the path.</exception>
    public static void Check(string path, Rotation rotation)
    {
        if (OutputPath.IsStream(path))
        {
            if (rotation != Rotation.Never)
            {
                throw new FormatException($"{path}: is not a file, so there is nothing to rotate; name a file.");
            }

            return;
        }

        _ = new FileNamePattern(path);
    }

    /// <summary>Whether one file follows the other by itself: its name has the time, or there is a rotation.</summary>
    /// <param name="path">As for <see cref="Check"/>, which need not have been called.</param>
    /// <param name="rotation">When to begin the next file.</param>
    public static bool HasManyFiles(string path, Rotation rotation) => rotation != Rotation.Never || FileNamePattern.HasTime(path);

    /// <summary>Opens an output. What can not work from the start is a failure here, not later.</summary>
    /// <param name="path">As for <see cref="Check"/>.</param>
    /// <param name="rotation">When to begin the next file.</param>
    /// <param name="clock">The time that names and rotations go by.</param>
    /// <param name="tell">Takes a line for the user: a failure, its end, what an earlier run left. Called from any thread, while others
    /// wait: it has to be quick.</param>
    /// <param name="framing">How its rows are told apart; null for lines.</param>
    /// <exception cref="FormatException">As from <see cref="Check"/>.</exception>
    /// <exception cref="OutputException">The output can not be opened.</exception>
    public static ResilientOutput Open(string path, Rotation rotation, TimeProvider clock, Action<string> tell, RowFraming? framing = null)
    {
        framing ??= RowFraming.Lines;
        Check(path, rotation);
        try
        {
            return Open(OutputPath.NameOf(path), OpenTarget(path, rotation, clock, tell, framing), framing, clock, tell);
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            throw new OutputException($"{path}: can not be written: {OutputFailure.ReasonOf(e)}; choose another place.", e);
        }
    }

    /// <summary>Makes an output to a target that is open; it becomes the output's.</summary>
    internal static ResilientOutput Open(
        string name, OutputTarget target, RowFraming framing, TimeProvider clock, Action<string> tell)
    {
        ResilientOutput output = new(name, target, framing, clock, tell);
        output._keeper = new Thread(output.Keep) { Name = "output", IsBackground = true };
        output._keeper.Start();
        return output;
    }

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        lock (_lock)
        {
            try
            {
                _target.Begin(header);
            }
            catch (Exception e) when (OutputFailure.Is(e))
            {
                throw new OutputException($"{_name}: can not be written: {OutputFailure.ReasonOf(e)}; {_target.AdviceFor(e)}.", e);
            }
        }
    }

    /// <summary>Takes whole rows. Never throws because of the output: what can not be written is counted as lost.</summary>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        lock (_lock)
        {
            bool isWritten = Send(rows, !rows.IsEmpty && IsDue(), static (target, block) =>
            {
                target.Write(block);
                return true;
            });
            if (isWritten)
            {
                Recover();
            }
        }
    }

    /// <summary>Ends the current file now, if it has rows; the next row begins another. Pipes are not concerned.</summary>
    public void RotateNow()
    {
        lock (_lock)
        {
            Try(default, static (target, _) =>
            {
                target.Rotate();
                return false;
            });
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Ends the last file and waits until all files have their names; what could not be done has been told.</summary>
    public override void Complete()
    {
        lock (_lock)
        {
            Send(default, isDue: true, static (target, _) =>
            {
                target.FinishRow();
                return true;
            });
            Try(default, static (target, _) =>
            {
                target.EndLast();
                return false;
            });
        }

        Stop();
        _target.FinishFiles();
        _target.GiveUp();
    }

    /// <summary>Gives files that ended their names, and does what is due by the clock.</summary>
    internal void KeepOnce()
    {
        _target.FinishFiles();
        Tick();
    }

    /// <summary>What is due by the clock when no rows come.</summary>
    internal void Tick()
    {
        lock (_lock)
        {
            Try(default, static (target, _) =>
            {
                target.Tick();
                return false;
            });
            if (_isFailing && IsDue() && Try(default, static (target, _) => target.TryRecover()))
            {
                Recover();
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Stop();
        _target.Dispose();
    }

    private static OutputTarget OpenTarget(string path, Rotation rotation, TimeProvider clock, Action<string> tell, RowFraming framing)
    {
        if (OutputPath.IsStream(path))
        {
            return new StreamTarget(path, framing);
        }

        FileNamePattern pattern = new(path);
        OutputPath.RequireFolder(path, pattern.Folder, "flows-%Y%m%dT%H%M%S.csv");
        return new RotatingFileTarget(SystemDisk.Instance, pattern, rotation, framing, clock, tell);
    }

    private bool IsDue() => !_isFailing || (!_target.IsGone && _clock.GetElapsedTime(_triedAt) >= s_pause);

    /// <summary>Has the target write something if it is due, and counts as lost what it did not write. Returns whether it did.</summary>
    private bool Send(ReadOnlySpan<byte> rows, bool isDue, Func<OutputTarget, ReadOnlySpan<byte>, bool> action)
    {
        (long rowsBefore, long bytesBefore) = (_target.Rows, _target.Bytes);
        bool isDone = isDue && Try(rows, action);
        _lostRows += _framing.Whole(rows).Rows - (_target.Rows - rowsBefore);
        _lostBytes += rows.Length - (_target.Bytes - bytesBefore);
        return isDone;
    }

    /// <summary>Does something to the target. The first failure is told; those that follow until it works again are not.</summary>
    private bool Try(ReadOnlySpan<byte> rows, Func<OutputTarget, ReadOnlySpan<byte>, bool> action)
    {
        try
        {
            return action(_target, rows);
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            _triedAt = _clock.GetTimestamp();
            if (!_isFailing)
            {
                _isFailing = true;
                _lostBefore = (_lostRows, _lostBytes);
                string until = _target.IsGone ? $"all {_framing.Noun} from now on are lost" : $"{_framing.Noun} are lost until it can";
                _tell($"{_name}: can not be written: {OutputFailure.ReasonOf(e)}; {until}. To do: {_target.AdviceFor(e)}.");
            }

            return false;
        }
    }

    private void Recover()
    {
        if (_isFailing)
        {
            _isFailing = false;
            (long rows, long bytes) = (_lostRows - _lostBefore.Rows, _lostBytes - _lostBefore.Bytes);
            _tell($"{_name}: is written again; {rows} {_framing.Noun} ({bytes} bytes) were lost.");
        }
    }

    private void Keep()
    {
        while (true)
        {
            KeepOnce();
            lock (_lock)
            {
                if (_isEnded)
                {
                    return;
                }

                Monitor.Wait(_lock, KeepingMs);
            }
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            _isEnded = true;
            Monitor.Pulse(_lock);
        }

        _keeper?.Join();
    }
}
