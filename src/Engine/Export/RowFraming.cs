using FlowMeter.Engine.Observe;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Export;

/// <summary>How the rows of an output are told apart, so that they can be counted and no output ends with a torn one.</summary>
public abstract class RowFraming
{
    /// <summary>Lines of text behind a line with the names of their columns.</summary>
    public static RowFraming Lines { get; } = new LineFraming();

    /// <summary>Packets, as records of a pcap file of this machine's byte order behind its header.</summary>
    public static RowFraming Packets { get; } = new PacketFraming();

    /// <summary>What a row is called, in the plural.</summary>
    public abstract string Noun { get; }

    /// <summary>The whole rows at the beginning of some bytes: how many, and where they end.</summary>
    internal abstract (long Rows, int End) Whole(ReadOnlySpan<byte> bytes);

    /// <summary>Bytes of the first row; there must be a whole one.</summary>
    internal abstract int First(ReadOnlySpan<byte> rows);

    /// <summary>The whole rows of a file behind its header: how many, and where they end.</summary>
    internal abstract (long Rows, long End) Find(SafeFileHandle file);

    private sealed class LineFraming : RowFraming
    {
        public override string Noun => "rows";

        internal override (long Rows, int End) Whole(ReadOnlySpan<byte> bytes) => (bytes.Count((byte)'\n'), bytes.LastIndexOf((byte)'\n') + 1);

        internal override int First(ReadOnlySpan<byte> rows) => rows.IndexOf((byte)'\n') + 1;

        internal override (long Rows, long End) Find(SafeFileHandle file)
        {
            byte[] buffer = new byte[1 << 16];
            long lines = 0;
            long end = 0;
            long at = 0;
            for (int count; (count = RandomAccess.Read(file, buffer, at)) > 0; at += count)
            {
                (long rows, int last) = Whole(buffer.AsSpan(0, count));
                lines += rows;
                end = last > 0 ? at + last : end;
            }

            return (Math.Max(lines - 1, 0), end);
        }
    }

    private sealed class PacketFraming : RowFraming
    {
        public override string Noun => "packets";

        internal override (long Rows, int End) Whole(ReadOnlySpan<byte> bytes)
        {
            long rows = 0;
            int end = 0;
            while (bytes.Length - end >= PcapRecord.HeaderLength && PcapRecord.LengthOf(bytes[end..]) is var length && bytes.Length - end >= length)
            {
                rows++;
                end += (int)length;
            }

            return (rows, end);
        }

        internal override int First(ReadOnlySpan<byte> rows) => (int)PcapRecord.LengthOf(rows);

        internal override (long Rows, long End) Find(SafeFileHandle file)
        {
            // Longer than any record, so that each read but the last gives some.
            byte[] buffer = new byte[1 << 20];
            long rows = 0;
            long end = PcapRecord.FileHeaderLength;
            while (RandomAccess.Read(file, buffer, end) is var count && Whole(buffer.AsSpan(0, count)) is { Rows: > 0 } found)
            {
                rows += found.Rows;
                end += found.End;
            }

            return (rows, end);
        }
    }
}
