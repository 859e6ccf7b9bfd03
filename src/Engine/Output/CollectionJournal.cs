using System.Buffers.Binary;
using System.Numerics;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A file that holds one text, replaced as a whole: two places are written in turn, each with a number and a checksum, and the newer one
/// that is whole counts. A kill or a power cut in the midst leaves the text before. It is locked as long as it is open.
/// </summary>
internal sealed class CollectionJournal : IDisposable
{
    private const int HeadLength = 20;
    private const int PlaceLength = 1 << 20;

    private readonly IDiskFile _file;
    private long _number;

    private CollectionJournal(IDiskFile file)
    {
        _file = file;
        foreach (int place in new[] { 0, 1 })
        {
            if (Read(place) is { } found && found.Number >= _number)
            {
                (_number, Text) = found;
            }
        }
    }

    /// <summary>Bytes of a text at most.</summary>
    public static int MaxLength => PlaceLength - HeadLength;

    /// <summary>The text that was written last; empty before the first.</summary>
    public byte[] Text { get; private set; } = [];

    /// <summary>Opens or creates it.</summary>
    /// <exception cref="IOException">The system refuses, another run has it, or it is not this user's own.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static CollectionJournal Open(IDisk disk, string path)
    {
        const int MaxTries = 100;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if ((disk.TryOpen(path) ?? disk.TryCreate(path)) is { } file)
            {
                disk.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
                return new CollectionJournal(file);
            }
        }

        throw new IOException("comes and goes; see which program does that");
    }

    /// <summary>Replaces the text, and waits until it survives a power cut.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public void Write(byte[] text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxLength);
        byte[] place = new byte[HeadLength + text.Length];
        text.CopyTo(place, HeadLength);
        BinaryPrimitives.WriteInt64LittleEndian(place, _number + 1);
        BinaryPrimitives.WriteInt32LittleEndian(place.AsSpan(8), text.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(place.AsSpan(16), Checksum(place));
        _file.Write(place, (_number + 1) % 2 * PlaceLength);
        _file.Sync();
        _number++;
        Text = text;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private (long Number, byte[] Text)? Read(int place)
    {
        byte[] head = new byte[HeadLength];
        long at = (long)place * PlaceLength;
        if (_file.Length < at + HeadLength || _file.Read(head, at) < HeadLength)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8));
        if (length is < 0 || length > MaxLength || _file.Length < at + HeadLength + length)
        {
            return null;
        }

        byte[] all = new byte[HeadLength + length];
        for (int read = 0; read < all.Length;)
        {
            int count = _file.Read(all.AsSpan(read), at + read);
            read += count > 0 ? count : throw new EndOfStreamException("became shorter while it was read");
        }

        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(all.AsSpan(16));
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(16), 0);
        return checksum == Checksum(all) ? (BinaryPrimitives.ReadInt64LittleEndian(all), all[HeadLength..]) : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return ~sum;
    }
}
