using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>Packets, as records of a pcap file of this machine's byte order behind its header (<see cref="PcapRecord"/>).</summary>
public sealed class PacketFraming : RowFraming
{
    private PacketFraming()
    {
    }

    /// <summary>The one there is.</summary>
    public static RowFraming Instance { get; } = new PacketFraming();

    /// <inheritdoc/>
    public override string Noun => "packets";

    internal override (long Rows, int End) Whole(ReadOnlySpan<byte> bytes)
    {
        long rows = 0;
        int end = 0;
        while (bytes.Length - end >= PcapRecord.HeaderLength
            && PcapRecord.LengthOf(bytes[end..]) is var length && bytes.Length - end >= length)
        {
            rows++;
            end += (int)length;
        }

        return (rows, end);
    }

    internal override int First(ReadOnlySpan<byte> rows) => (int)PcapRecord.LengthOf(rows);

    internal override (long Rows, long End) Find(IDiskFile file, FileTrailer? trailer = null)
    {
        // Longer than any record, so that each read but the last gives some.
        byte[] buffer = new byte[1 << 20];
        long rows = 0;
        long end = PcapRecord.FileHeaderLength;
        while (file.Read(buffer, end) is var count && Whole(buffer.AsSpan(0, count)) is { Rows: > 0 } found)
        {
            rows += found.Rows;
            end += found.End;
        }

        return (rows, end);
    }
}
