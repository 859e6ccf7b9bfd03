using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Decode;

/// <summary>
/// The decoder against the reference's, on bytes that end at an unreadable page: one byte read too many ends the test run.
/// </summary>
public sealed class DecoderTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Every_prefix_of_every_frame_has_the_references_fate()
    {
        using EngineDecoder decoder = new();
        using EngineDecoder decapsulating = new(decapsulate: true);
        ReferenceDecoder reference = new();
        ReferenceDecoder referenceInside = new(decapsulate: true);
        long time = 0;
        foreach (Frame frame in FrameKinds.All)
        {
            for (int length = 0; length <= frame.Captured.Length; length++)
            {
                Frame prefix = frame.Cut(length) with { TimestampNs = time += Second };
                AssertSame(reference.Decode(prefix), decoder.Decode(prefix), prefix);
                AssertSame(referenceInside.Decode(prefix), decapsulating.Decode(prefix), prefix);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_damage_has_the_references_fate(int seed)
    {
        using EngineDecoder decoder = new();
        ReferenceDecoder reference = new();
        foreach (Frame frame in Damaged(seed, 100_000))
        {
            AssertSame(reference.Decode(frame), decoder.Decode(frame), frame);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_damage_within_tunnels_has_the_references_fate(int seed)
    {
        using EngineDecoder decoder = new();
        using EngineDecoder decapsulating = new(decapsulate: true);
        ReferenceDecoder reference = new(decapsulate: true);
        List<Frame> tunnels = [.. FrameKinds.Tunnels().Select(packet => Frame.Whole(PacketBuilder.LinkRaw, 0, packet))];
        foreach (Frame frame in Damaged(seed, 200_000, tunnels))
        {
            // What is metered by its outer header is metered by an inner one or by that, and what is not has no inner one.
            ReferencePacket inside = decapsulating.Decode(frame);
            AssertSame(reference.Decode(frame), inside, frame);
            Assert.Equal(decoder.Decode(frame).Outcome, inside.Outcome);
        }
    }

    private static IEnumerable<Frame> Damaged(int seed, int count) => Damaged(seed, count, FrameKinds.All);

    /// <summary>
    /// Frames with some bytes changed, most of them in headers, some cut short, some with bytes put in, some with another length on the
    /// wire.
    /// </summary>
    private static IEnumerable<Frame> Damaged(int seed, int count, List<Frame> frames)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            Frame frame = frames[random.Next(frames.Count)];
            List<byte> bytes = [.. frame.Captured];
            for (int changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(8))
                {
                    case 0:
                        bytes.RemoveRange(at, bytes.Count - at);
                        break;
                    case 1:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    case 2:
                        bytes.RemoveAt(at);
                        break;
                    case < 6:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    default:
                        bytes[at] = (byte)random.Next(256);
                        break;
                }
            }

            // Some are longer on the wire than what was captured.
            Frame damaged = Frame.Whole(frame.LinkType, i * Second, [.. bytes]);
            yield return random.Next(3) == 0 ? damaged with { OriginalLength = (uint)(bytes.Count + random.Next(60)) } : damaged;
        }
    }

    private static void AssertSame(ReferencePacket expected, ReferencePacket actual, in Frame frame)
    {
        if (expected with { IsLaterFragment = false } != actual)
        {
            Assert.Fail(
                $"expected {expected}, the engine says {actual}: link type {frame.LinkType}, {Convert.ToHexString(frame.Captured)}");
        }
    }
}
