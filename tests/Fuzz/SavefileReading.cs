using System.IO.Compression;
using FlowMeter.Engine.Capture;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Fuzz;

/// <summary>All that the engine's readers gave of a capture.</summary>
internal sealed unsafe class SavefileReading
{
    // What unpacks to more is read so far only.
    private const int MaxFrames = 20_000;
    private const long MaxBytes = 8 << 20;

    private long _bytes;

    private SavefileReading()
    {
    }

    public List<Frame> Frames { get; } = [];

    /// <summary>Why it was not read to its end; null if it was.</summary>
    public CaptureException? Damage { get; private set; }

    /// <summary>Whether it was recognised as a capture.</summary>
    public bool IsOpened { get; private set; }

    /// <summary>Whether the end was not reached, since there was so much.</summary>
    public bool IsLong => Frames.Count >= MaxFrames || _bytes >= MaxBytes;

    /// <summary>A capture made of what was read: its header, all records, all blocks between. Empty where nobody asked for it.</summary>
    public MemoryStream Copy { get; } = new();

    public CaptureEnding Ending => Damage switch
    {
        null => CaptureEnding.Complete,
        { Fault: CaptureFault.Incomplete } => CaptureEnding.Torn,
        _ => CaptureEnding.Damaged,
    };

    /// <summary>Reads a capture to its end.</summary>
    /// <param name="bytes">The capture.</param>
    /// <param name="bytesPerRead">Most bytes that one read of the input gives.</param>
    /// <param name="isCopied">Whether records and blocks are kept, as for a copy.</param>
    public static SavefileReading Of(byte[] bytes, int bytesPerRead, bool isCopied = false)
    {
        SavefileReading reading = new();
        using PacketBatch batch = new() { Records = isCopied ? new RawRecords() : null };
        try
        {
            using SavefileSource source = Savefile.Open("capture", new Native.TrickleStream(bytes, bytesPerRead), _ => { });
            reading.IsOpened = true;
            reading.Copy.Write(source.FileHeader);
            try
            {
                while (!reading.IsLong && source.TryFill(batch))
                {
                    reading.Take(batch);
                }
            }
            finally
            {
                reading.TakeBlocks(batch, 0, 0);
            }
        }
        catch (CaptureException damage)
        {
            reading.Damage = damage;
        }

        return reading;
    }

    /// <summary>The same bytes as a gzip file, in one member or in two.</summary>
    public static byte[] Gzip(byte[] bytes, bool isParted)
    {
        using MemoryStream packed = new();
        int half = isParted ? bytes.Length / 2 : 0;
        foreach (ReadOnlyMemory<byte> part in new[] { bytes.AsMemory(0, half), bytes.AsMemory(half) })
        {
            using GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(part.Span);
        }

        return packed.ToArray();
    }

    /// <summary>The same bytes as a zstd file: RFC 8878, a frame of raw blocks.</summary>
    public static byte[] Zstandard(byte[] bytes)
    {
        const int Block = 1 << 16;
        using MemoryStream packed = new();
        packed.Write([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]);
        for (int at = 0; at == 0 || at < bytes.Length; at += Block)
        {
            int length = Math.Min(Block, bytes.Length - at);
            int header = (length << 3) | (at + length == bytes.Length ? 1 : 0);
            packed.Write([(byte)header, (byte)(header >> 8), (byte)(header >> 16), .. bytes.AsSpan(at, length)]);
        }

        return packed.ToArray();
    }

    private void Take(PacketBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            byte[] captured = new ReadOnlySpan<byte>(batch.Data[i], (int)batch.CapturedLength[i]).ToArray();
            _bytes += captured.Length;
            Frames.Add(new Frame((int)batch.LinkType, batch.Time[i], captured, batch.WireLength[i]));
            if (batch.Records is { } records)
            {
                Copy.Write(records.BlocksBefore(i, batch.Count));
                Copy.Write(records.Record(i));
            }
        }

        TakeBlocks(batch, batch.Count, batch.Count);
    }

    private void TakeBlocks(PacketBatch batch, int packet, int count)
    {
        if (batch.Records is { } records)
        {
            Copy.Write(records.BlocksBefore(packet, count));
            records.Clear();
        }
    }
}
