namespace FlowMeter.Engine.Output;

/// <summary>
/// Rows in blocks whose first bytes tell how long a block is and how many rows it has. What stands before the first row, the header, is one
/// or several blocks without rows. A block that is cut off counts as none of it.
/// </summary>
public abstract class BlockFraming : RowFraming
{
    private const int Head = 4096;

    /// <inheritdoc/>
    public override string Noun => "rows";

    /// <summary>Bytes and rows of the block that begins here; null if these bytes begin none or are too few to tell.</summary>
    /// <param name="start">What there is from the block's first byte on: all of it, or at least 4,096 bytes.</param>
    internal abstract (long Length, long Rows)? Measure(ReadOnlySpan<byte> start);

    internal override (long Rows, int End) Whole(ReadOnlySpan<byte> bytes)
    {
        long rows = 0;
        int end = 0;
        while (Measure(bytes[end..]) is { } block && block.Length <= bytes.Length - end)
        {
            rows += block.Rows;
            end += (int)block.Length;
        }

        return (rows, end);
    }

    internal override int First(ReadOnlySpan<byte> rows) => (int)Measure(rows)!.Value.Length;

    internal override (long Rows, long End) Find(IDiskFile file, FileTrailer? trailer = null)
    {
        byte[] head = new byte[Head];
        long length = file.Length;
        long rows = 0;
        long end = 0;
        while (file.Read(head, end) is var count && Measure(head.AsSpan(0, count)) is { } block && block.Length <= length - end)
        {
            if (trailer != null)
            {
                trailer.Add(Read(file, end, (int)block.Length));
            }

            rows += block.Rows;
            end += block.Length;
        }

        return (rows, end);
    }

    private static byte[] Read(IDiskFile file, long at, int length)
    {
        byte[] bytes = new byte[length];
        for (int read = 0; read < length;)
        {
            int count = file.Read(bytes.AsSpan(read), at + read);
            read += count > 0 ? count : throw new EndOfStreamException("became shorter while it was read");
        }

        return bytes;
    }
}
