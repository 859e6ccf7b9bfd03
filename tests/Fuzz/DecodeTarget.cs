using System.Buffers.Binary;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// The decoder, with all link types and tunnels, against the reference's: frames of one link type, which end at an unreadable page. Read as
/// a batch, live one by one, and with tunnels. The bytes: link type (2), then for each frame the seconds since the one before (1, signed),
/// how many bytes longer it says it was on the wire (1, signed; the largest means 4 GiB), the length (2) and the frame; numbers are
/// little-endian.
/// </summary>
internal static class DecodeTarget
{
    private const int MaxFrames = 64;
    private const int MaxFrame = 4096;
    private const int Header = 4;
    private const long Second = 1_000_000_000;

    public static void Run(byte[] bytes)
    {
        List<Frame> frames = Frames(bytes);
        foreach (bool decapsulates in new[] { false, true })
        {
            ReferenceDecoder reference = new(decapsulates);
            using EngineDecoder decoder = new(decapsulates);
            using EngineDecoder live = new(decapsulates) { IsLive = true };
            foreach (Frame frame in frames)
            {
                ReferencePacket expected = reference.Decode(frame) with { IsLaterFragment = false };
                Same(expected, decoder.Decode(frame), frame, "batch");
                Same(expected, live.Decode(frame), frame, "live");
            }
        }
    }

    /// <summary>The bytes that <see cref="Run"/> takes apart into these frames.</summary>
    public static byte[] BytesOf(IReadOnlyList<Frame> frames)
    {
        List<byte> bytes = [(byte)frames[0].LinkType, (byte)(frames[0].LinkType >> 8)];
        foreach (Frame frame in frames)
        {
            bytes.AddRange([1, 0, (byte)frame.Captured.Length, (byte)(frame.Captured.Length >> 8), .. frame.Captured]);
        }

        return [.. bytes];
    }

    private static List<Frame> Frames(ReadOnlySpan<byte> bytes)
    {
        List<Frame> frames = [];
        if (bytes.Length < 2)
        {
            return frames;
        }

        int linkType = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        long time = 0;
        for (bytes = bytes[2..]; bytes.Length >= Header && frames.Count < MaxFrames;)
        {
            time += (sbyte)bytes[0] * Second;
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]), Math.Min(bytes.Length - Header, MaxFrame));
            frames.Add(new Frame(linkType, time, bytes.Slice(Header, length).ToArray(), WireLength(length, (sbyte)bytes[1])));
            bytes = bytes[(Header + length)..];
        }

        return frames;
    }

    private static uint WireLength(int captured, sbyte beyond) =>
        beyond == sbyte.MaxValue ? uint.MaxValue : (uint)Math.Max(captured + beyond, 0);

    private static void Same(ReferencePacket expected, ReferencePacket actual, in Frame frame, string how)
    {
        if (expected != actual)
        {
            Assert.Fail($"{how}: expected {expected}, the engine says {actual}: link type {frame.LinkType}, wire length "
                + $"{frame.OriginalLength}, {Convert.ToHexString(frame.Captured)}");
        }
    }
}
