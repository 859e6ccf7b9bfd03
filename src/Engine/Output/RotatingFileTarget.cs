using System.Collections.Concurrent;

namespace FlowMeter.Engine.Output;

/// <summary>
/// Files one after the other, each with the header and only if it has rows: an interval without a flow leaves no file, since a header alone
/// says nothing that the counters do not say, and a program that ships files would ship thousands of them. Only a run that ends without
/// any row leaves one file, with the header: who waits for the table finds it. A name is used once; the second file of a name gets a
/// number. Nothing that is there is ever replaced.
/// </summary>
internal sealed class RotatingFileTarget : OutputTarget
{
    private readonly IDisk _disk;
    private readonly FileNamePattern _pattern;
    private readonly Rotation _rotation;
    private readonly RowFraming _framing;
    private readonly TimeProvider _clock;
    private readonly Action<string> _tell;
    private readonly ConcurrentQueue<PartialFile> _ended = new();
    private PartialFile? _file;
    private byte[] _header = [];
    private DateTimeOffset _opened;
    private string _lastName = "";
    private int _lastNumber;
    private long _rowsTaken;
    private long _bytesTaken;
    private bool _isToRotate;
    private bool _isFinishing;

    /// <summary>Finishes what an earlier run left and creates the first file.</summary>
    /// <exception cref="IOException">The file can not be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public RotatingFileTarget(
        IDisk disk, FileNamePattern pattern, Rotation rotation, RowFraming framing, TimeProvider clock, Action<string> tell)
    {
        (_disk, _pattern, _rotation, _framing) = (disk, pattern, rotation, framing);
        (_clock, _tell) = (clock, tell);
        _opened = clock.GetUtcNow();
        FinishLeftBehind();
        _file = Create();
    }

    /// <inheritdoc/>
    public override long RowsTaken => Volatile.Read(ref _rowsTaken);

    /// <inheritdoc/>
    public override long BytesTaken => Volatile.Read(ref _bytesTaken);

    /// <inheritdoc/>
    public override int UnnamedFiles => _ended.Count;

    /// <inheritdoc/>
    public override string AdviceFor(Exception failure) =>
        OutputFailure.IsFull(failure) ? "make room" : "see that the folder can be written to";

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        _header = header.ToArray();
        if (_file == null)
        {
            // An interval ended since the file was opened.
            _file = Create();
        }
        else
        {
            _file.Begin(header);
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        EndInterval(now);
        LeaveIfTaken();
        while (!rows.IsEmpty)
        {
            PartialFile file = _file ??= Create();
            int part = Fitting(rows, file);
            if (part == 0)
            {
                End(now);
                continue;
            }

            Append(file, rows[..part]);
            rows = rows[part..];
        }
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        EndInterval(_clock.GetUtcNow());
        LeaveIfTaken();
    }

    /// <inheritdoc/>
    public override void Rotate() => End(_clock.GetUtcNow());

    /// <inheritdoc/>
    public override void EndLast()
    {
        if (Rows == 0)
        {
            _ended.Enqueue(_file ?? Create());
            _file = null;
        }

        Rotate();
    }

    /// <inheritdoc/>
    public override void FinishFiles()
    {
        while (_ended.TryPeek(out PartialFile? file))
        {
            try
            {
                _ = file.FinishAsNew();
            }
            catch (FileNotFoundException) when (_disk.HasFolder(_pattern.Folder))
            {
                Lose(file);
            }
            catch (Exception e) when (OutputFailure.Is(e))
            {
                if (!_isFinishing)
                {
                    _isFinishing = true;
                    string kept = $"its {file.Rows} {_framing.Noun} stay in {file.PartialPath}, and it is tried again";
                    _tell($"{file.Path}: can not be finished: {OutputFailure.ReasonOf(e)}; {kept}.");
                }

                return;
            }

            _isFinishing = false;
            file.Dispose();
            _ended.TryDequeue(out _);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Their folder went away, with them or without, and is not back: nobody knows where the rows are.</remarks>
    public override void GiveUp() => _ended.Where(file => file.IsTakenAway).ToList().ForEach(Lose);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_file is { Rows: 0 })
        {
            _file.Discard();
        }

        _file?.Dispose();
        _ended.ToList().ForEach(file => file.Dispose());
    }

    /// <summary>A file that somebody took away gets no more rows; the next one begins another.</summary>
    private void LeaveIfTaken()
    {
        if (_file is { IsTakenAway: true } file)
        {
            _file = null;
            Lose(file);
            file.Dispose();
        }
    }

    private void Lose(PartialFile file)
    {
        Interlocked.Add(ref _rowsTaken, file.Rows);
        Interlocked.Add(ref _bytesTaken, file.Rows == 0 ? 0 : file.Length - _header.Length);
        _tell($"{file.PartialPath}: somebody took it away; its {file.Rows} {_framing.Noun} are lost.");
    }

    private void EndInterval(DateTimeOffset now)
    {
        if (_rotation.IntervalOf(now) is { } interval && interval != _rotation.IntervalOf(_opened))
        {
            // Late or not, the file begins where its interval does: names are on the clock.
            // A clock that was set back begins an interval, too.
            End(interval);
        }
        else if (_isToRotate)
        {
            End(now);
        }
    }

    private void End(DateTimeOffset now)
    {
        _isToRotate = false;
        _opened = now;
        PartialFile? file = _file;
        _file = null;
        if (file is { Rows: 0 })
        {
            file.Discard();
            _lastNumber--; // Nobody saw its name, so the next file may have it.
        }
        else if (file != null)
        {
            _ended.Enqueue(file);
        }
    }

    /// <summary>How many bytes of rows the file can take: whole rows up to its largest size, but at least one row a file.</summary>
    private int Fitting(ReadOnlySpan<byte> rows, PartialFile file)
    {
        long room = Math.Max((_rotation.Bytes ?? long.MaxValue) - file.Length, 0);
        if (rows.Length <= room)
        {
            return rows.Length;
        }

        int whole = _framing.Whole(rows[..(int)room]).End;
        return whole == 0 && file.Rows == 0 ? _framing.First(rows) : whole;
    }

    private void Append(PartialFile file, ReadOnlySpan<byte> rows)
    {
        long rowsBefore = file.Rows;
        long bytesBefore = file.Length;
        try
        {
            file.Append(rows);
        }
        catch (IOException e) when (!OutputFailure.IsFull(e))
        {
            // Too large for the file system, or on a disk that is gone: such a file takes nothing more, another one may.
            _isToRotate = true;
            throw;
        }
        finally
        {
            Rows += file.Rows - rowsBefore;
            Bytes += file.Length - bytesBefore;
        }
    }

    private PartialFile Create()
    {
        string path = _pattern.PathOf(_opened);

        // After months of one name the free number is far up; it is looked for where the last one was.
        for (int number = path == _lastName ? _lastNumber + 1 : 0; ; number++)
        {
            if (PartialFile.TryCreate(_disk, FileNamePattern.Numbered(path, number), _framing) is { } file)
            {
                Begin(file);
                (_lastName, _lastNumber) = (path, number);
                return file;
            }
        }
    }

    private void Begin(PartialFile file)
    {
        try
        {
            file.Begin(_header);
        }
        catch (IOException)
        {
            file.Discard();
            throw;
        }
    }

    /// <summary>
    /// A run that was killed leaves its last file under the partial name; nothing more will come, so its rows get their name now. Files
    /// whose writer lives are let alone.
    /// </summary>
    private void FinishLeftBehind()
    {
        foreach (string partial in _disk.FilesOf(_pattern.Folder, PartialFile.Suffix).Order(StringComparer.Ordinal))
        {
            if (!_pattern.Matches(Path.GetFileNameWithoutExtension(partial)))
            {
                continue;
            }

            try
            {
                using PartialFile? file = PartialFile.TryTakeOver(_disk, partial, _framing);
                if (file != null)
                {
                    _tell($"{file.FinishAsNew()}: has the {file.Rows} {_framing.Noun} that an earlier run left in {partial}.");
                }
            }
            catch (Exception e) when (OutputFailure.Is(e))
            {
                _tell($"{partial}: is left as it is: {OutputFailure.ReasonOf(e)}.");
            }
        }
    }
}
