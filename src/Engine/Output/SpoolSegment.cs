using System.Buffers.Binary;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A file of a spool: 8 bytes that say what it is, 8 that say where the first message begins that nobody has acknowledged, and messages
/// (<see cref="SpoolRecord"/>) behind each other. It is locked as long as it is open. For one thread at a time.
/// </summary>
internal sealed class SpoolSegment : IDisposable
{
    /// <summary>How the names of these files end.</summary>
    public const string Suffix = ".spool";

    private const int HeadLength = 16;

    private readonly IDisk _disk;
    private readonly string _path;
    private readonly IDiskFile _file;
    private bool _isDirty;

    private SpoolSegment(IDisk disk, string path, IDiskFile file, long from, long length)
    {
        (_disk, _path, _file) = (disk, path, file);
        (From, Length) = (from, length);
    }

    /// <summary>Bytes of a segment without messages.</summary>
    public static long LeastLength => HeadLength;

    /// <summary>Where the first message begins that nobody has acknowledged; the end if there is none.</summary>
    public long From { get; private set; }

    /// <summary>Its bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Creates the file; null if the name is taken.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static SpoolSegment? TryCreate(IDisk disk, string path)
    {
        if (disk.TryCreate(path) is not { } file)
        {
            return null;
        }

        try
        {
            SpoolSegment segment = new(disk, path, file, HeadLength, HeadLength);
            Span<byte> head = stackalloc byte[HeadLength];
            Magic.CopyTo(head);
            BinaryPrimitives.WriteInt64LittleEndian(head[8..], HeadLength);
            file.Write(head, 0);
            segment._isDirty = true;
            return segment;
        }
        catch
        {
            file.Dispose();
            disk.Delete(path);
            throw;
        }
    }

    /// <summary>Opens what an earlier run left, without what is torn at its end.</summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="path">Its name.</param>
    /// <param name="found">The messages in it that nobody has acknowledged.</param>
    /// <returns>The segment; null if the file is gone, or empty.</returns>
    /// <exception cref="IOException">The system refuses, another run has it, or it is not this user's own.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SpoolSegment? TryOpen(IDisk disk, string path, out MessageTotals found)
    {
        found = default;
        if (disk.TryOpen(path) is not { } file)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[HeadLength];
        if (file.Read(head, 0) < HeadLength || !head.StartsWith(Magic))
        {
            bool isEmpty = file.Length == 0;
            file.Dispose();
            if (isEmpty)
            {
                disk.Delete(path);
                return null;
            }

            throw new IOException("it is no file of a spool; take it away");
        }

        long from = Math.Max(BinaryPrimitives.ReadInt64LittleEndian(head[8..]), HeadLength);
        long end = from;
        for (; SpoolRecord.Read(file, end) is { } message; end += SpoolRecord.LengthOf(message))
        {
            found += new MessageTotals(1, message.Rows, message.Length);
        }

        return new SpoolSegment(disk, path, file, from, end);
    }

    /// <summary>Appends a message. One that fails leaves what was there.</summary>
    /// <exception cref="IOException">It can not be written.</exception>
    public void Append(ReadOnlySpan<byte> record)
    {
        _file.Write(record, Length);
        Length += record.Length;
        _isDirty = true;
    }

    /// <summary>The message at an offset.</summary>
    /// <exception cref="IOException">It can not be read, or is not what was written.</exception>
    public BlockMessage Read(long at) => SpoolRecord.Read(_file, at) ?? throw new IOException($"{_path}: is damaged at byte {at}");

    /// <summary>Says where the first message begins that nobody has acknowledged.</summary>
    public void Acknowledge(long to)
    {
        Span<byte> position = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(position, to);
        _file.Write(position, 8);
        From = to;
        _isDirty = true;
    }

    /// <summary>Waits until all of it survives a power cut.</summary>
    public void Sync()
    {
        if (_isDirty)
        {
            _isDirty = false;
            _file.Sync();
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Delete()
    {
        _disk.Delete(_path);
        _file.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ReadOnlySpan<byte> Magic => "FMSPOOL1"u8;
}
