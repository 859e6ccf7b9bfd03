namespace FlowMeter.Engine.Output;

/// <summary>How the rows of an output are told apart, so that they can be counted and no output ends with a torn one.</summary>
public abstract class RowFraming
{
    /// <summary>Lines of text behind a line with the names of their columns.</summary>
    public static RowFraming Lines { get; } = new LineFraming(headerLines: 1);

    /// <summary>Lines of text with nothing before them.</summary>
    public static RowFraming BareLines { get; } = new LineFraming(headerLines: 0);

    /// <summary>What a row is called, in the plural.</summary>
    public abstract string Noun { get; }

    /// <summary>The whole rows at the beginning of some bytes: how many, and where they end.</summary>
    internal abstract (long Rows, int End) Whole(ReadOnlySpan<byte> bytes);

    /// <summary>Bytes of the first row, or of the first rows where some are one block; they must be whole.</summary>
    internal abstract int First(ReadOnlySpan<byte> rows);

    /// <summary>The whole rows of a file behind its header: how many, and where they end.</summary>
    /// <param name="file">The file, from its first byte.</param>
    /// <param name="trailer">Takes the header and these rows; null where files of this kind have none.</param>
    internal abstract (long Rows, long End) Find(IDiskFile file, FileTrailer? trailer = null);

    /// <summary>Makes what ends one file; null: a file of this kind ends with its last row.</summary>
    internal virtual FileTrailer? CreateTrailer() => null;

    private sealed class LineFraming(int headerLines) : RowFraming
    {
        public override string Noun => "rows";

        internal override (long Rows, int End) Whole(ReadOnlySpan<byte> bytes) =>
            (bytes.Count((byte)'\n'), bytes.LastIndexOf((byte)'\n') + 1);

        internal override int First(ReadOnlySpan<byte> rows) => rows.IndexOf((byte)'\n') + 1;

        internal override (long Rows, long End) Find(IDiskFile file, FileTrailer? trailer = null)
        {
            byte[] buffer = new byte[1 << 16];
            long lines = 0;
            long end = 0;
            long at = 0;
            for (int count; (count = file.Read(buffer, at)) > 0; at += count)
            {
                (long rows, int last) = Whole(buffer.AsSpan(0, count));
                lines += rows;
                end = last > 0 ? at + last : end;
            }

            return (Math.Max(lines - headerLines, 0), end);
        }
    }
}
