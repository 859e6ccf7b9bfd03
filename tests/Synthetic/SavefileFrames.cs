using System.Buffers.Binary;

namespace FlowMeter.Tests.Synthetic;

/// <summary>
/// Takes a little-endian pcap of Ethernet frames apart with the plainest code there is, independent of the engine's readers.
/// </summary>
internal static class SavefileFrames
{
    public static List<Frame> Parse(byte[] file)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        ulong unit = magic switch { 0xA1B2_C3D4 => 1000, 0xA1B2_3C4D => 1, _ => throw new InvalidDataException($"magic {magic:x8}") };
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(20)));

        List<Frame> frames = [];
        int at = 24;
        while (at < file.Length)
        {
            ulong seconds = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));
            ulong fraction = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4));
            int captured = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 12));
            frames.Add(new Frame((seconds * 1_000_000_000) + (fraction * unit), length, file[(at + 16)..(at + 16 + captured)]));
            at += 16 + captured;
        }

        Assert.Equal(file.Length, at);
        return frames;
    }

    internal sealed record Frame(ulong Time, int WireLength, byte[] Bytes)
    {
        public bool IsIPv6 => Word(12) == 0x86DD;

        public byte[] Ip => Bytes[14..];

        public int IpHeaderLength => IsIPv6 ? 40 : (Ip[0] & 15) * 4;

        public int IpLength => IsIPv6 ? 40 + Word(18) : Word(16);

        public byte Protocol => IsIPv6 ? Ip[6] : Ip[9];

        public byte[] Addresses => IsIPv6 ? Ip[8..40] : Ip[12..20];

        public byte[] Transport => Ip[IpHeaderLength..IpLength];

        public byte TcpFlags => Transport[13];

        public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Transport.AsSpan(4));

        public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(Transport.AsSpan(8));

        public int TcpPayload => Transport.Length - (Transport[12] >> 4 << 2);

        public string Source =>
            $"{Convert.ToHexString(Addresses.AsSpan(0, Addresses.Length / 2))}:{Convert.ToHexString(Transport.AsSpan(0, 2))}";

        public string Destination =>
            $"{Convert.ToHexString(Addresses.AsSpan(Addresses.Length / 2))}:{Convert.ToHexString(Transport.AsSpan(2, 2))}";

        /// <summary>Both directions of a conversation have the same key.</summary>
        public string FlowKey =>
            string.CompareOrdinal(Source, Destination) < 0 ? $"{Protocol} {Source} {Destination}" : $"{Protocol} {Destination} {Source}";

        private ushort Word(int offset) => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(offset));
    }
}
