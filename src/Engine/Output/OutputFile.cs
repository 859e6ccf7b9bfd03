using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>
/// Where a flow table is written. A file appears under its name only when it is complete: it is written beside it, with <c>.partial</c> at the end of the name, and renamed by
/// <see cref="Complete"/>. Pipes, terminals and devices are written to directly. Several threads may write whole rows at once.
/// </summary>
public sealed class OutputFile : RowOutput
{
    /// <summary>The path that stands for standard output.</summary>
    public const string StandardOutput = "-";

    private const int BrokenPipe = 32;
    private const int StandardDescriptor = 1;
    private readonly Lock _lock = new();
    private readonly Stream _stream;
    private readonly string _name;
    private readonly string? _partial;
    private readonly string? _final;
    private OutputException? _failure;
    private long _rows;
    private bool _hasRows;
    private bool _isComplete;

    private OutputFile(Stream stream, string name, string? partial, string? final)
    {
        _stream = stream;
        _name = name;
        _partial = partial;
        _final = final;
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Where the rows stay if the output is not completed; null where there are none, or no file.</summary>
    public string? Partial => _hasRows ? _partial : null;

    /// <inheritdoc/>
    public override long Rows => _rows;

    /// <summary>The file that a path leads to through symbolic links, even if it does not exist yet; the path itself if it is no link.</summary>
    public static string FollowLinks(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.LinkTarget == null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (IOException)
        {
            // Links in a circle lead nowhere; opening the path says so.
            return path;
        }
    }

    /// <summary>Whether what a path leads to is written to as it stands: a pipe or a device, wherever it lies. Everything else is a file, which is replaced as a whole.</summary>
    public static bool IsDirect(string path) => path == StandardOutput || DescriptorOf(path) != null || FileKinds.Of(path) is FileKind.Pipe or FileKind.Device;

    /// <summary>
    /// The process's own descriptor that a path such as /dev/stdout or /dev/fd/3 stands for; null for none. It is written to where it stands: what the shell opened there may be a file that other
    /// programs append to.
    /// </summary>
    internal static int? DescriptorOf(string path) => path switch
    {
        "/dev/stdout" => 1,
        "/dev/stderr" => 2,
        _ => NumberBehind("/dev/fd/", path) ?? NumberBehind("/proc/self/fd/", path),
    };

    private static int? NumberBehind(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal) && int.TryParse(path.AsSpan(folder.Length), System.Globalization.NumberStyles.None, null, out int number) ? number : null;

    /// <summary>Opens an output.</summary>
    /// <exception cref="OutputException">It can not be written to.</exception>
    public static OutputFile Open(string path)
    {
        if (path == StandardOutput)
        {
            return new OutputFile(OpenStandardOutput(), "standard output", null, null);
        }

        try
        {
            return OpenPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OutputException($"{path}: can not be written: {e.Message.TrimEnd('.')}; choose another place.", e);
        }
    }

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        try
        {
            Append(header);
        }
        catch (OutputException e) when (e.IsClosedPipe)
        {
            // As if the reader had gone a moment later: the first row finds out, and what was metered by then has its summary.
        }
    }

    /// <summary>Appends rows, all or none.</summary>
    /// <exception cref="OutputException">This or an earlier write failed.</exception>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        lock (_lock)
        {
            Append(rows);
            _rows += rows.Count((byte)'\n');
            _hasRows |= !rows.IsEmpty;
        }
    }

    /// <summary>The same output for writers that want a stream. Closing the stream leaves the output open.</summary>
    public Stream AsStream() => new Writer(this);

    /// <summary>Gives the file its name. Not to be called after a failure.</summary>
    /// <exception cref="OutputException">The file can not be renamed.</exception>
    public override void Complete()
    {
        try
        {
            _stream.Dispose();
            if (_partial != null)
            {
                KeepMode();
                File.Move(_partial, _final!, overwrite: true);
                _isComplete = true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(e);
        }
    }

    /// <summary>Gives the file up: what was written of it is deleted.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            Length = 0;
            _hasRows = false;
            Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            _stream.Dispose();
            if (_partial != null && !_hasRows && !_isComplete)
            {
                File.Delete(_partial);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that matters was reported by Write or Complete, or is about to be: a user without rights may not delete what root began.
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_failure != null)
        {
            throw _failure;
        }

        try
        {
            _stream.Write(bytes);
            Length += bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = Failure(e);
            throw _failure;
        }
    }

    private static Stream OpenStandardOutput() => OperatingSystem.IsWindows()
        ? new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0)
        : new DescriptorStream(StandardDescriptor);

    private static OutputFile OpenPath(string path)
    {
        if (Directory.Exists(path))
        {
            throw new OutputException($"{path}: is a directory; name a file in it, for example {Path.Join(path, "flows.csv")}.");
        }

        if (DescriptorOf(path) is { } descriptor)
        {
            return new OutputFile(new DescriptorStream(descriptor), path, null, null);
        }

        // A link to a device is one, too: renaming a file over it would take it away from the whole machine.
        string final = FollowLinks(path);
        if (IsDirect(final))
        {
            return new OutputFile(new FileStream(final, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), path, null, null);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(final))!;
        if (!Directory.Exists(folder))
        {
            throw new OutputException($"{path}: there is no folder {folder}; make it, or choose another place.");
        }

        string partial = final + ".partial";
        return new OutputFile(new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), path, partial, final);
    }

    /// <summary>Who may read the file that is replaced is who may read the new one.</summary>
    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_final))
        {
            File.SetUnixFileMode(_partial!, File.GetUnixFileMode(_final));
        }
    }

    /// <summary>The failed write may have left a piece of a row; the file ends with the last whole one.</summary>
    private void CutTornRow()
    {
        try
        {
            _stream.SetLength(Length);
        }
        catch (IOException)
        {
            // A file system that fails this, too, keeps the piece; the failure that is reported stays the first.
        }
    }

    private OutputException Failure(Exception cause)
    {
        if (cause.HResult == BrokenPipe)
        {
            return new OutputException($"{_name}: nobody reads it any more.", cause) { IsClosedPipe = true };
        }

        if (_partial != null)
        {
            CutTornRow();
        }

        string kept = _partial != null && Length > 0 ? $"; the {Length} bytes before are in {_partial}" : "";
        return new OutputException($"{_name}: writing failed: {cause.Message.TrimEnd('.')}{kept}. Make room or choose another place.", cause);
    }

    private sealed class Writer(OutputFile output) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);
    }
}
