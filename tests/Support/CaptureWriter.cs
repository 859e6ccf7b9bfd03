namespace FlowMeter.Tests.Support;

/// <summary>Writes frames as a capture file in memory.</summary>
internal static class CaptureWriter
{
    /// <summary>A pcap file has one linktype: the first frame's, unless told.</summary>
    public static byte[] Pcap(IReadOnlyList<Frame> frames, bool bigEndian = false, bool nanoseconds = true, int? linkType = null)
    {
        CaptureBytes file = new(bigEndian);
        file.Add32(nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4);
        file.Add16(2);
        file.Add16(4);
        file.Add32(0);
        file.Add32(0);
        file.Add32(262144);
        file.Add32((uint)(linkType ?? (frames.Count > 0 ? frames[0].LinkType : PacketBuilder.LinkEthernet)));
        foreach (Frame frame in frames)
        {
            (long seconds, long fraction) = Math.DivRem(frame.TimestampNs, 1_000_000_000);
            file.Add32((uint)seconds);
            file.Add32((uint)(nanoseconds ? fraction : fraction / 1000));
            file.Add32((uint)frame.Captured.Length);
            file.Add32(frame.OriginalLength);
            file.Add(frame.Captured);
        }
        return file.ToArray();
    }

    /// <summary>A pcapng file, with one interface for each linktype in every section.</summary>
    public static byte[] PcapNg(IReadOnlyList<Frame> frames, PcapNgFormat? format = null)
    {
        format ??= new PcapNgFormat();
        List<int> linkTypes = [.. frames.Select(frame => frame.LinkType).Distinct().DefaultIfEmpty(PacketBuilder.LinkEthernet)];
        int framesPerSection = format.FramesPerSection > 0 ? format.FramesPerSection : Math.Max(1, frames.Count);
        List<byte> file = [];
        for (int section = 0; section == 0 || section * framesPerSection < frames.Count; section++)
        {
            bool bigEndian = format.BigEndian ^ (format.AlternateByteOrder && section % 2 == 1);
            PcapNgSection writer = new(format, bigEndian, linkTypes);
            file.AddRange(writer.Write(frames.Skip(section * framesPerSection).Take(framesPerSection)));
        }
        return [.. file];
    }
}
