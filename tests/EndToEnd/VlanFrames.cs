using System.Buffers.Binary;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Frames without a tag, with one, with two, of another type, broadcast and ARP, of many lengths.</summary>
internal static class VlanFrames
{
    /// <summary>The frame of a number, always the same.</summary>
    public static byte[] Of(int number)
    {
        byte[] frame = new byte[60 + (number * 7 % 1400)];
        new Random(number).NextBytes(frame);
        frame.AsSpan(0, 6).Fill((byte)(number % 5 == 0 ? 0xFF : 0x02));
        (ushort type, int tags) = (number % 4) switch
        {
            0 => ((ushort)0x8100, 0),
            1 => ((ushort)0x8100, 1),
            2 => ((ushort)0x88A8, 2),
            _ => ((ushort)0x8100, 2),
        };
        int at = 12;
        for (int tag = 0; tag < tags; tag++, at += 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), tag == 0 ? type : (ushort)0x8100);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), (ushort)(number % 3 == 0 ? 7 : 0xE000 | number));
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)(number % 11 == 0 ? 0x0806 : 0x0800));
        frame[at + 2] = 0x45;
        return frame;
    }
}
