using System.Globalization;
using FlowMeter.Engine.Text;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A temporary file for what does not fit into memory: appended to, then read at any place. It has no name from the beginning where the
/// system allows that, so nothing is left of it however the process ends; elsewhere it is deleted when it is disposed. For one thread.
/// </summary>
public sealed class SpillFile : IDisposable
{
    private const int BufferLength = 1 << 20;
    private const int MaxTries = 1000;

    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private readonly string? _path;
    private readonly byte[] _buffer = new byte[BufferLength];
    private long _written;
    private int _waiting;

    private SpillFile(SafeFileHandle file, string folder, string? path) => (_file, _folder, _path) = (file, folder, path);

    /// <summary>Bytes appended so far.</summary>
    public long Length => _written + _waiting;

    /// <summary>Creates a file.</summary>
    /// <param name="folder">The folder in whose file system it takes room.</param>
    /// <exception cref="OutputException">It can not be created.</exception>
    public static SpillFile Create(string folder)
    {
        try
        {
            for (int i = 0; i < MaxTries; i++)
            {
                string path = Path.Join(
                    folder, string.Create(CultureInfo.InvariantCulture, $".flowmeter-{Environment.ProcessId}-{i}.tmp"));
                if (OwnFile.TryCreate(path) is { } file)
                {
                    if (OperatingSystem.IsWindows())
                    {
                        return new SpillFile(file, folder, path);
                    }

                    File.Delete(path);
                    return new SpillFile(file, folder, null);
                }
            }

            throw new IOException("all names for one are taken");
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            throw new OutputException(
                $"{folder}: no temporary file can be made there: {FailureReason.Of(e)}; choose another folder with TMPDIR, or -o.", e);
        }
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="OutputException">They can not be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BufferLength - _waiting)
        {
            Flush();
        }

        if (bytes.Length > BufferLength)
        {
            Write(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_waiting));
        _waiting += bytes.Length;
    }

    /// <summary>Writes what waits, to be called before it is read.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    public void Flush()
    {
        int waiting = _waiting;
        _waiting = 0;
        Write(_buffer.AsSpan(0, waiting));
    }

    /// <summary>Reads bytes that were appended and flushed.</summary>
    /// <param name="to">Filled as a whole.</param>
    /// <param name="at">Where they begin.</param>
    /// <exception cref="OutputException">They can not be read.</exception>
    public void Read(Span<byte> to, long at)
    {
        try
        {
            while (!to.IsEmpty)
            {
                int count = RandomAccess.Read(_file, to, at);
                if (count == 0)
                {
                    throw new IOException("it is shorter than what was written");
                }

                to = to[count..];
                at += count;
            }
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            throw new OutputException($"{_folder}: a temporary file there can not be read: {FailureReason.Of(e)}; try again.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (_path != null)
        {
            File.Delete(_path);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, _written);
            _written += bytes.Length;
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            throw new OutputException($"{_folder}: a temporary file there can not be written: {FailureReason.Of(e)}; make room, or choose "
                + "another folder with TMPDIR, or -o.", e);
        }
    }
}
