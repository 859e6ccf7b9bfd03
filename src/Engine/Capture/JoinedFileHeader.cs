using System.Buffers.Binary;

namespace FlowMeter.Engine.Capture;

/// <summary>The file header under which records of several captures, copied as they are, make one capture.</summary>
public static class JoinedFileHeader
{
    private const int SnapLengthAt = 16;
    private const int LinkTypeAt = 20;

    /// <summary>Looks at the beginning of each capture.</summary>
    /// <param name="paths">The captures, in order; no pipes.</param>
    /// <param name="stop">Ends the wait for a slow file's data.</param>
    /// <returns>
    /// pcap's header, with the largest of their snap lengths; nothing for pcapng, whose sections follow one another as they are.
    /// </returns>
    /// <exception cref="CaptureException">They have no header in common, or one can not be read.</exception>
    public static byte[] Load(IReadOnlyList<string> paths, CancellationToken stop)
    {
        byte[]? common = null;
        foreach (string path in paths)
        {
            if (TryRead(path, stop) is not { } header)
            {
                continue;
            }

            common ??= header;
            if (Difference(common, header) is { } difference)
            {
                throw new CaptureException($"{paths[0]} and {path} can not be split into one file: {difference}; split each in a run of "
                    + "its own, or make them pcapng before (editcap -F pcapng).");
            }

            WidenSnapLength(common, header);
        }

        return common ?? [];
    }

    /// <summary>
    /// The header of one capture; null where there is none, which is told when it is the file's turn. One that could not be read now may be
    /// read then, and its packets would stand in a file without a header.
    /// </summary>
    private static byte[]? TryRead(string path, CancellationToken stop)
    {
        try
        {
            using SavefileSource source = Savefile.Open(path, _ => { }, new InputProgress(), stop);
            return source.FileHeader;
        }
        catch (CaptureException e) when (e.Fault is CaptureFault.Damaged or CaptureFault.Incomplete)
        {
            return null;
        }
    }

    private static string? Difference(byte[] a, byte[] b)
    {
        if (a.Length != b.Length)
        {
            return a.Length > 0 ? "the first is pcap and the second pcapng" : "the first is pcapng and the second pcap";
        }

        return a.Length == 0 ? null
            : IsBigEndian(a) != IsBigEndian(b) ? "their byte orders differ"
            : !Equal(a, b, 0..4) ? "the precisions of their time stamps differ"
            : !Equal(a, b, 4..SnapLengthAt) ? "their versions or time zones differ"
            : !Equal(a, b, LinkTypeAt..PcapFormat.HeaderLength)
                ? $"their link types differ ({Read(a, LinkTypeAt)} and {Read(b, LinkTypeAt)})"
            : null;
    }

    private static void WidenSnapLength(byte[] common, byte[] header)
    {
        // 0 is no limit: the largest of all.
        if (common.Length > 0 && unchecked(Read(header, SnapLengthAt) - 1 > Read(common, SnapLengthAt) - 1))
        {
            header.AsSpan(SnapLengthAt, sizeof(uint)).CopyTo(common.AsSpan(SnapLengthAt));
        }
    }

    private static bool Equal(byte[] a, byte[] b, Range range) => a.AsSpan(range).SequenceEqual(b.AsSpan(range));

    private static bool IsBigEndian(byte[] header) => header[0] == 0xA1;

    private static uint Read(byte[] header, int at) =>
        IsBigEndian(header)
            ? BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(at))
            : BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at));
}
